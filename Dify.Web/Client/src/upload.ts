interface DotNetReference {
  invokeMethodAsync<T>(method: string, ...args: unknown[]): Promise<T>;
}

interface Stored {
  id: string;
  name: string;
}

const progressEvery = 200;

/**
 * Sends files to the server over HTTP, two at a time, and tells the page how each fares. Files come from the browse
 * button, from drag and drop, and from the text box, whose text becomes a file of its own.
 */
class Uploader {
  private readonly waiting: { key: string; file: Blob; name: string }[] = [];
  private readonly running = new Map<string, XMLHttpRequest>();
  private depth = 0;

  constructor(private readonly root: HTMLElement, private readonly server: DotNetReference) {
    root.addEventListener("change", this.onChange);
    root.addEventListener("click", this.onClick);
    root.addEventListener("dragenter", this.onDrag);
    root.addEventListener("dragover", this.onDrag);
    root.addEventListener("dragleave", this.onLeave);
    root.addEventListener("drop", this.onDrop);
    // Chosen before this script was there.
    const early = root.querySelector<HTMLInputElement>("input[type=file]");
    if (early?.files?.length) {
      void this.add([...early.files]);
      early.value = "";
    }
  }

  cancel(key: string): void {
    const at = this.waiting.findIndex(item => item.key === key);
    if (at >= 0) {
      this.waiting.splice(at, 1);
    }
    this.running.get(key)?.abort();
  }

  dispose(): void {
    for (const request of this.running.values()) {
      request.abort();
    }
    this.root.removeEventListener("change", this.onChange);
    this.root.removeEventListener("click", this.onClick);
    this.root.removeEventListener("dragenter", this.onDrag);
    this.root.removeEventListener("dragover", this.onDrag);
    this.root.removeEventListener("dragleave", this.onLeave);
    this.root.removeEventListener("drop", this.onDrop);
  }

  private readonly onChange = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.type === "file" && input.files) {
      void this.add([...input.files]);
      input.value = "";
    }
  };

  private readonly onClick = (event: Event): void => {
    const target = event.target as HTMLElement;
    if (target.closest("[data-browse]")) {
      this.root.querySelector<HTMLInputElement>("input[type=file]")?.click();
    } else if (target.closest("[data-add-text]")) {
      void this.addText();
    }
  };

  private readonly onDrag = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      this.depth += event.type === "dragenter" ? 1 : 0;
      this.root.toggleAttribute("data-dragging", true);
    }
  };

  private readonly onLeave = (): void => {
    this.depth = Math.max(0, this.depth - 1);
    this.root.toggleAttribute("data-dragging", this.depth > 0);
  };

  private readonly onDrop = (event: DragEvent): void => {
    event.preventDefault();
    this.depth = 0;
    this.root.toggleAttribute("data-dragging", false);
    void this.add([...(event.dataTransfer?.files ?? [])]);
  };

  private async addText(): Promise<void> {
    const title = this.root.querySelector<HTMLInputElement>("[data-text-title]");
    const area = this.root.querySelector<HTMLTextAreaElement>("[data-text]");
    if (!area || area.value.trim() === "") {
      area?.focus();
      return;
    }
    const name = (title?.value.trim() || area.value.trim().split("\n", 1)[0]!.slice(0, 60).trim()).replace(/[\\/:*?"<>|]/g, " ");
    const file = new File([area.value], `${name}.txt`, { type: "text/plain;charset=utf-8" });
    if (await this.add([file])) {
      area.value = "";
      if (title) {
        title.value = "";
      }
    }
  }

  /** The page says which of the files it takes; returns whether any was. */
  private async add(files: File[]): Promise<boolean> {
    if (files.length === 0) {
      return false;
    }
    const facts = files.slice(0, 100).map(file => ({ name: file.name.slice(0, 255), size: file.size }));
    const keys = await this.server.invokeMethodAsync<(string | null)[]>("OffersAsync", facts);
    keys.forEach((key, at) => {
      if (key) {
        this.waiting.push({ key, file: files[at]!, name: files[at]!.name });
      }
    });
    this.next();
    return keys.some(key => key !== null);
  }

  private next(): void {
    while (this.running.size < 2 && this.waiting.length > 0) {
      this.send(this.waiting.shift()!);
    }
  }

  private send({ key, file, name }: { key: string; file: Blob; name: string }): void {
    const request = new XMLHttpRequest();
    this.running.set(key, request);
    let told = 0;
    request.upload.onprogress = event => {
      if (event.lengthComputable && event.timeStamp - told > progressEvery) {
        told = event.timeStamp;
        void this.server.invokeMethodAsync("ProgressedAsync", key, Math.floor((100 * event.loaded) / event.total));
      }
    };
    request.onloadend = () => {
      this.running.delete(key);
      this.tell(key, request);
      this.next();
    };
    request.open("POST", `${this.root.dataset.uploadTo ?? "/api/files"}?name=${encodeURIComponent(name)}`);
    request.setRequestHeader("X-Dify-Upload", "1");
    request.send(file);
  }

  private tell(key: string, request: XMLHttpRequest): void {
    let answer: Partial<Stored & { code: string; message: string }> = {};
    try {
      answer = JSON.parse(request.responseText) as typeof answer;
    } catch {
      // No answer, or one of a proxy between: the page has words for it.
    }
    if (request.status === 201 && answer.id) {
      void this.server.invokeMethodAsync("StoredAsync", key, answer.id);
    } else {
      void this.server.invokeMethodAsync("FailedAsync", key, answer.code ?? "", answer.message ?? "");
    }
  }
}

export function attach(root: HTMLElement, server: DotNetReference): Uploader {
  const uploader = new Uploader(root, server);
  root.dataset.ready = "";
  return uploader;
}
