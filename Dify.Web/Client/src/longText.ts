interface DotNetReference {
  invokeMethodAsync<T>(method: string, ...args: unknown[]): Promise<T>;
}

declare const DotNet: { createJSStreamReference(data: Blob): unknown };

/** Longer text goes up as a stream: one message to the server holds little. */
const longestDirect = 6_000;

/** Milliseconds without a key after which the text goes up. */
const rest = 250;

/** A text box of any length: the browser holds what is typed and sends it up when typing rests. */
class LongText {
  private timer: number | undefined;
  private sent: string;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly area: HTMLTextAreaElement, private readonly server: DotNetReference) {
    this.sent = area.defaultValue;
    area.addEventListener("input", this.onInput);
    area.addEventListener("blur", this.onBlur);
    if (area.value !== this.sent) {
      void this.flush();
    }
  }

  setText(text: string): void {
    window.clearTimeout(this.timer);
    this.area.value = text;
    this.sent = text;
  }

  /** Sends what is not sent yet; ends when the server has it. */
  async flush(): Promise<void> {
    window.clearTimeout(this.timer);
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
    this.area.removeEventListener("blur", this.onBlur);
  }

  private send(text: string): Promise<void> {
    return text.length <= longestDirect
      ? this.server.invokeMethodAsync<void>("TextChangedAsync", text)
      : this.server.invokeMethodAsync<void>("TextStreamAsync", DotNet.createJSStreamReference(new Blob([text])));
  }

  private readonly onInput = (): void => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), rest);
  };

  private readonly onBlur = (): void => void this.flush();
}

export function attach(area: HTMLTextAreaElement, server: DotNetReference): LongText {
  return new LongText(area, server);
}
