import { copyText } from "./clipboard";

/** Answers clicks on what the Markdown renderer puts into an answer: copy buttons and pictures of other hosts. */
export function answerMarkdownClick(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const copy = target?.closest<HTMLElement>("[data-copy]");
  if (copy) {
    const code = copy.closest(".md-code")?.querySelector("pre > code");
    void copyText(code?.textContent ?? "").then(done => confirmCopy(copy, done));
    return;
  }
  const picture = target?.closest<HTMLElement>("[data-image-src]");
  if (picture) {
    showPicture(picture);
  }
}

function confirmCopy(button: HTMLElement, done: boolean): void {
  if (!done) {
    return;
  }
  const label = button.textContent;
  button.textContent = button.dataset.copy ?? label;
  button.dataset.copied = "";
  setTimeout(() => {
    button.textContent = label;
    delete button.dataset.copied;
  }, 1500);
}

/** Nothing is asked of another host before the reader wants the picture; no address of ours goes along. */
function showPicture(placeholder: HTMLElement): void {
  const source = placeholder.dataset.imageSrc ?? "";
  if (!/^https?:\/\//i.test(source)) {
    return;
  }
  const image = document.createElement("img");
  image.referrerPolicy = "no-referrer";
  image.alt = placeholder.dataset.imageAlt ?? "";
  image.src = source;
  placeholder.replaceChildren(image);
  delete placeholder.dataset.imageSrc;
}
