interface DotNetReference {
  invokeMethodAsync<T>(method: string, ...args: unknown[]): Promise<T>;
}

declare const DotNet: { createJSStreamReference(data: Blob): unknown };

/** Longer text goes up as a stream: one message to the server may hold 32 KB. */
const longestDirect = 6_000;

/**
 * The text box. What is typed stays in the browser until it is sent, also over a reload, so that a lost connection
 * loses nothing. Enter sends unless an input method is composing; Shift+Enter starts a new line.
 */
class Composer {
  private sending = false;
  private readonly area: HTMLTextAreaElement;
  private readonly send: HTMLButtonElement | null;

  constructor(private readonly root: HTMLElement, private readonly server: DotNetReference, private draftKey: string | null) {
    this.area = root.querySelector("textarea")!;
    this.send = root.querySelector<HTMLButtonElement>("[data-send]");
    this.restore();
    this.area.addEventListener("input", this.onInput);
    this.area.addEventListener("keydown", this.onKey);
    root.addEventListener("click", this.onClick);
    this.show();
  }

  /** Another conversation is shown: its own draft comes up. */
  setDraftKey(key: string | null): void {
    if (key !== this.draftKey) {
      this.draftKey = key;
      this.restore();
      this.show();
    }
  }

  setText(text: string): void {
    this.area.value = text;
    this.show();
  }

  focus(): void {
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(this.area.value.length, this.area.value.length);
  }

  dispose(): void {
    this.area.removeEventListener("input", this.onInput);
    this.area.removeEventListener("keydown", this.onKey);
    this.root.removeEventListener("click", this.onClick);
  }

  private readonly onInput = (): void => {
    this.keep();
    this.show();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    // Safari reports the Enter that ends a composition with key code 229 and isComposing false.
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !composing) {
      event.preventDefault();
      void this.submit();
    } else if (event.key === "Escape" && this.root.hasAttribute("data-cancellable")) {
      event.stopPropagation();
      void this.server.invokeMethodAsync("CancelAsync");
    }
  };

  private readonly onClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("[data-send]")) {
      void this.submit();
    }
  };

  private async submit(): Promise<void> {
    const text = this.area.value.trim();
    if (text === "" || this.sending || this.root.hasAttribute("data-busy")) {
      return;
    }
    const key = this.draftKey;
    this.sending = true;
    this.show();
    try {
      const accepted = text.length <= longestDirect
        ? await this.server.invokeMethodAsync<boolean>("SendAsync", text)
        : await this.server.invokeMethodAsync<boolean>("SendStreamAsync", DotNet.createJSStreamReference(new Blob([text])));
      if (accepted) {
        this.forget(key);
      }
    } finally {
      this.sending = false;
      this.show();
    }
  }

  /** The first message of a conversation changes the key while it is on its way. */
  private forget(key: string | null): void {
    if (key !== null) {
      stored(() => sessionStorage.removeItem(key));
    }
    if (key === this.draftKey) {
      this.area.value = "";
    }
  }

  private restore(): void {
    if (this.draftKey !== null) {
      this.area.value = stored(() => sessionStorage.getItem(this.draftKey!)) ?? "";
    }
  }

  private keep(): void {
    if (this.draftKey !== null) {
      const text = this.area.value;
      stored(() => text === "" ? sessionStorage.removeItem(this.draftKey!) : sessionStorage.setItem(this.draftKey!, text));
    }
  }

  private show(): void {
    this.area.style.height = "auto";
    this.area.style.height = `${this.area.scrollHeight}px`;
    if (this.send) {
      this.send.disabled = this.sending || this.area.value.trim() === "";
    }
  }
}

/** Storage can be switched off or full; then a draft lasts as long as the page. */
function stored<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}

export function open(root: HTMLElement, server: DotNetReference, draftKey: string | null): Composer {
  return new Composer(root, server, draftKey);
}
