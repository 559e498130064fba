import { placeOf, Suggestions } from "./prompt/suggestions";
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

/** Milliseconds until a text that could not be sent is tried again. */
const retryAfter = 2_000;

const placeholder = /\{\{([A-Za-z_][A-Za-z0-9_]{0,63})\}\}/g;

interface Texts {
  newVariable: string;
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
  private readonly suggestions: Suggestions;
  private timer: number | undefined;
  private sent: string | null;
  private sending: Promise<void> = Promise.resolve();
  private trigger = -1;
  private selection: [number, number];

  constructor(
    private readonly root: HTMLElement,
    private readonly server: DotNetReference,
    private variables: string[],
    private readonly texts: Texts,
  ) {
    this.area = root.querySelector("textarea")!;
    this.backdrop = root.querySelector<HTMLElement>("[data-backdrop]")!;
    this.suggestions = new Suggestions(root.querySelector<HTMLElement>("[data-menu]")!, this.area);
    const text = this.area.value;
    this.sent = text;
    this.selection = [text.length, text.length];
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
      this.sending = this.sending.then(() => this.send(text)).catch(() => this.keepForLater());
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

  /** The connection is lost: what is typed stays here and goes up when it is back. */
  private keepForLater(): void {
    this.sent = null;
    this.timer ??= window.setTimeout(() => void this.flush(), retryAfter);
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
      this.offer(false);
    } else {
      this.refine();
    }
  };

  private readonly onBlur = (): void => {
    this.selection = [this.area.selectionStart, this.area.selectionEnd];
    this.suggestions.hide();
    void this.flush();
  };

  private readonly onHide = (): void => {
    if (document.visibilityState === "hidden") {
      void this.flush();
    }
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (this.suggestions.isOpen && !event.isComposing && this.suggestions.press(event.key)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  /** What was typed since the list opened narrows it down. */
  private refine(): void {
    if (this.suggestions.isOpen) {
      if (this.area.selectionStart <= this.trigger || !/^[{/]\{?\w*$/.test(this.typed())) {
        this.suggestions.hide();
      } else {
        this.offer(true);
      }
    }
  }

  private typed(): string {
    return this.area.value.slice(this.trigger, this.area.selectionStart);
  }

  private offer(keepActive: boolean): void {
    const wanted = this.typed().replace(/^[{/]+/, "").toLowerCase();
    const names = this.variables.filter((name) => name.toLowerCase().startsWith(wanted));
    const caret = placeOf(this.backdrop, this.trigger);
    const box = this.root.getBoundingClientRect();
    this.suggestions.show(
      [
        ...names.map((name) => ({ label: `{x} ${name}`, choose: () => this.choose(name) })),
        { label: this.texts.newVariable, choose: () => void this.create() },
      ],
      Math.max(0, Math.min(caret.left - box.left, box.width - 220)),
      caret.bottom - box.top + 4,
      keepActive,
    );
  }

  private choose(name: string): void {
    this.replace(this.trigger, this.area.selectionStart, `{{${name}}}`);
    this.suggestions.hide();
  }

  private async create(): Promise<void> {
    this.replace(this.trigger, this.area.selectionStart, "");
    this.selection = [this.area.selectionStart, this.area.selectionStart];
    this.suggestions.hide();
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
