/** What can be put in place of the `{` or `/` that was typed. */
export interface Choice {
  label: string;
  choose(): void;
}

/** The list below the caret. The text box keeps the focus and steers it with the keyboard. */
export class Suggestions {
  private active = 0;

  constructor(private readonly menu: HTMLElement, private readonly area: HTMLTextAreaElement) {}

  get isOpen(): boolean {
    return !this.menu.hidden;
  }

  show(choices: Choice[], left: number, top: number, keepActive: boolean): void {
    this.menu.replaceChildren(...choices.map((choice) => this.option(choice)));
    this.active = keepActive ? Math.min(this.active, choices.length - 1) : 0;
    this.menu.style.left = `${left}px`;
    this.menu.style.top = `${top}px`;
    this.menu.hidden = false;
    this.markActive();
  }

  hide(): void {
    this.menu.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  /** True when the key was for the list. */
  press(key: string): boolean {
    const count = this.menu.children.length;
    if (key === "ArrowDown" || key === "ArrowUp") {
      this.active = (this.active + (key === "ArrowDown" ? 1 : count - 1)) % count;
      this.markActive();
    } else if (key === "Enter" || key === "Tab") {
      (this.menu.children[this.active] as HTMLElement | undefined)?.click();
    } else if (key === "Escape") {
      this.hide();
    } else {
      return false;
    }
    return true;
  }

  private option(choice: Choice): HTMLElement {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.textContent = choice.label;
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => choice.choose());
    return option;
  }

  private markActive(): void {
    [...this.menu.children].forEach((option, index) => {
      option.id = `${this.menu.id}-${index}`;
      option.setAttribute("aria-selected", String(index === this.active));
    });
    const option = this.menu.children[this.active];
    if (option) {
      this.area.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }
}

/** The place of a character, from an element that holds the same text at the same place as the text box. */
export function placeOf(mirror: HTMLElement, index: number): DOMRect {
  const range = document.createRange();
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  let left = index;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left < length) {
      range.setStart(node, left);
      range.setEnd(node, left + 1);
      break;
    }
    left -= length;
  }
  return range.getBoundingClientRect();
}
