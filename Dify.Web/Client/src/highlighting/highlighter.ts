import hljs from "highlight.js/lib/common";

/** Colours one code element in place; highlight.js escapes the text itself. */
export function highlight(code: HTMLElement, language: string): void {
  if (!hljs.getLanguage(language)) {
    return;
  }
  code.innerHTML = hljs.highlight(code.textContent ?? "", { language, ignoreIllegals: true }).value;
}
