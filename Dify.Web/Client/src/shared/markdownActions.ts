import { copyText } from "./clipboard";

/** Answers clicks on the copy buttons that the Markdown renderer puts above code. */
export function answerMarkdownClick(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
  if (button) {
    const code = button.closest(".md-code")?.querySelector("pre > code");
    void copyText(code?.textContent ?? "").then(done => {
      if (done) {
        confirmCopy(button);
      }
    });
  }
}

function confirmCopy(button: HTMLElement): void {
  if (button.dataset.copied !== undefined) {
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
