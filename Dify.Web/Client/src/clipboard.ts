export { copyText } from "./shared/clipboard";
