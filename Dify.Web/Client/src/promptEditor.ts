import { copyText } from "./shared/clipboard";

export { copyText };

interface DotNetReference {
  invokeMethodAsync<T>(method: string, ...args: unknown[]): Promise<T>;
}

declare const DotNet: { createJSStreamReference(data: Blob): unknown };

/** Longer text goes up as a stream: one message to the server may hold 32 KB. */
const longestDirect = 6_000;

/** Milliseconds without a key after which the text goes up. */
const rest = 250;

const placeholder = /\{\{([A-Za-z_][A-Za-z0-9_]{0,63})\}\}/g;

interface Texts {
  newVariable: string;
  suggestions: string;
}

/** IANA name of the reader's time zone. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * A text box for prompts: marks `{{variables}}` behind the text, offers them on `{` and `/`, and sends the text up when
 * typing rests, on leaving the box and when asked to.
 */
class PromptEditor {
  private readonly area: HTMLTextAreaElement;
  private readonly backdrop: HTMLElement;
  private readonly menu: HTMLElement;
  private timer: number | undefined;
  private sent: string;
  private sending: Promise<void> = Promise.resolve();
  private trigger = -1;
  private active = 0;
  private selection: [number, number];

  constructor(
    private readonly root: HTMLElement,
    private readonly server: DotNetReference,
    private variables: string[],
    private readonly texts: Texts,
  ) {
    this.area = root.querySelector("textarea")!;
    this.backdrop = root.querySelector<HTMLElement>("[data-backdrop]")!;
    this.menu = root.querySelector<HTMLElement>("[data-menu]")!;
    this.sent = this.area.value;
    this.selection = [this.sent.length, this.sent.length];
    this.area.addEventListener("input", this.onInput);
    this.area.addEventListener("keydown", this.onKey);
    this.area.addEventListener("blur", this.onBlur);
    window.addEventListener("pagehide", this.onHide);
    document.addEventListener("visibilitychange", this.onHide);
    this.paint();
  }

  setText(text: string): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (this.area.value !== text) {
      const [start, end] = [this.area.selectionStart, this.area.selectionEnd];
      this.area.value = text;
      this.area.setSelectionRange(Math.min(start, text.length), Math.min(end, text.length));
    }
    this.sent = text;
    this.paint();
  }

  setVariables(names: string[]): void {
    this.variables = names;
    this.paint();
  }

  /** Puts a placeholder where the caret is, or was last. */
  insert(name: string): void {
    const [start, end] = document.activeElement === this.area
      ? [this.area.selectionStart, this.area.selectionEnd]
      : this.selection;
    this.replace(start, end, `{{${name}}}`);
  }

  /** Sends what is not sent yet; ends when the server has it. */
  async flush(): Promise<void> {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    const text = this.area.value;
    if (text !== this.sent) {
      this.sent = text;
      this.sending = this.sending.then(() => this.send(text));
    }
    await this.sending;
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.area.removeEventListener("input", this.onInput);
    this.area.removeEventListener("keydown", this.onKey);
    this.area.removeEventListener("blur", this.onBlur);
    window.removeEventListener("pagehide", this.onHide);
    document.removeEventListener("visibilitychange", this.onHide);
  }

  private send(text: string): Promise<void> {
    return text.length <= longestDirect
      ? this.server.invokeMethodAsync<void>("TextChangedAsync", text)
      : this.server.invokeMethodAsync<void>("TextStreamAsync", DotNet.createJSStreamReference(new Blob([text])));
  }

  private readonly onInput = (event: Event): void => {
    this.paint();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), rest);
    const typed = event instanceof InputEvent ? event.data : null;
    const caret = this.area.selectionStart;
    const before = this.area.value.slice(0, caret - 1);
    if (typed === "{" || (typed === "/" && (before === "" || /\s$/.test(before)))) {
      // The second brace of "{{" keeps the first as the start.
      this.trigger = typed === "{" && before.endsWith("{") ? caret - 2 : caret - 1;
      this.active = 0;
      this.showMenu();
    } else {
      this.refine();
    }
  };

  private readonly onBlur = (): void => {
    this.selection = [this.area.selectionStart, this.area.selectionEnd];
    this.hideMenu();
    void this.flush();
  };

  private readonly onHide = (): void => {
    if (document.visibilityState === "hidden") {
      void this.flush();
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.menu.hidden || event.isComposing) {
      return;
    }
    const count = this.menu.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.markActive();
    } else if (event.key === "Enter" || event.key === "Tab") {
      (this.menu.children[this.active] as HTMLElement | undefined)?.click();
    } else if (event.key === "Escape") {
      this.hideMenu();
      event.stopPropagation();
    } else {
      return;
    }
    event.preventDefault();
  };

  /** What was typed since the menu opened narrows it down. */
  private refine(): void {
    if (!this.menu.hidden) {
      if (this.area.selectionStart <= this.trigger || !/^[{/]\{?\w*$/.test(this.typed())) {
        this.hideMenu();
      } else {
        this.showMenu();
      }
    }
  }

  private typed(): string {
    return this.area.value.slice(this.trigger, this.area.selectionStart);
  }

  private showMenu(): void {
    const wanted = this.typed().replace(/^[{/]+/, "").toLowerCase();
    const names = this.variables.filter((name) => name.toLowerCase().startsWith(wanted));
    const items = names.map((name) => this.item(`{x} ${name}`, () => this.choose(name)));
    items.push(this.item(this.texts.newVariable, () => void this.create()));
    this.menu.replaceChildren(...items);
    this.active = Math.min(this.active, items.length - 1);
    this.place();
    this.menu.hidden = false;
    this.area.setAttribute("aria-expanded", "true");
    this.markActive();
  }

  private item(label: string, choose: () => void): HTMLElement {
    const option = document.createElement("div");
    option.setAttribute("role", "option");
    option.textContent = label;
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", choose);
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

  private hideMenu(): void {
    this.menu.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
    this.area.setAttribute("aria-expanded", "false");
  }

  /** Below the caret; the backdrop holds the same text at the same place. */
  private place(): void {
    const range = document.createRange();
    const walker = document.createTreeWalker(this.backdrop, NodeFilter.SHOW_TEXT);
    let left = this.trigger;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (left < length) {
        range.setStart(node, left);
        range.setEnd(node, left + 1);
        break;
      }
      left -= length;
    }
    const caret = range.getBoundingClientRect();
    const box = this.root.getBoundingClientRect();
    this.menu.style.top = `${caret.bottom - box.top + 4}px`;
    this.menu.style.left = `${Math.max(0, Math.min(caret.left - box.left, box.width - 220))}px`;
  }

  private choose(name: string): void {
    this.replace(this.trigger, this.area.selectionStart, `{{${name}}}`);
    this.hideMenu();
  }

  private async create(): Promise<void> {
    this.replace(this.trigger, this.area.selectionStart, "");
    this.selection = [this.area.selectionStart, this.area.selectionStart];
    this.hideMenu();
    await this.flush();
    await this.server.invokeMethodAsync<void>("NewVariableAsync");
  }

  private replace(start: number, end: number, text: string): void {
    // A closing brace pair right behind is what the person typed along with the opening one.
    const tail = text !== "" && this.area.value.startsWith("}}", end) ? end + 2 : end;
    this.area.focus();
    this.area.setSelectionRange(start, tail);
    // execCommand keeps the browser's undo history; setRangeText does not.
    const kept = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
    if (!kept) {
      this.area.setRangeText(text, start, tail, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  private paint(): void {
    const text = this.area.value;
    const parts: Node[] = [];
    let at = 0;
    for (const match of text.matchAll(placeholder)) {
      parts.push(document.createTextNode(text.slice(at, match.index)));
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      mark.toggleAttribute("data-unknown", !this.variables.includes(match[1] ?? ""));
      parts.push(mark);
      at = match.index + match[0].length;
    }
    // The closing line break gives the last line its height.
    parts.push(document.createTextNode(`${text.slice(at)}\n`));
    this.backdrop.replaceChildren(...parts);
  }
}

export function open(root: HTMLElement, server: DotNetReference, variables: string[], texts: Texts): PromptEditor {
  return new PromptEditor(root, server, variables, texts);
}
