/** As the server counts; a larger body would only lose its connection. */
const largestFile = 10 * 1024 * 1024;

/** Files dropped anywhere on the dialog go into its file field. */
export function attach(root: HTMLElement): void {
  let depth = 0;
  const over = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes("Files")) {
      event.preventDefault();
      depth += event.type === "dragenter" ? 1 : 0;
      root.toggleAttribute("data-dragging", true);
    }
  };
  root.addEventListener("dragenter", over);
  root.addEventListener("dragover", over);
  root.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    root.toggleAttribute("data-dragging", depth > 0);
  });
  root.addEventListener("drop", event => {
    event.preventDefault();
    depth = 0;
    root.toggleAttribute("data-dragging", false);
    const input = root.querySelector<HTMLInputElement>("input[type=file]");
    if (input && event.dataTransfer?.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  root.dataset.ready = "";
}

/** Sends what was chosen or pasted over HTTP; the answer is the server's JSON, or empty when there is nothing to send. */
export async function send(root: HTMLElement, kind: "File" | "Text", appId: string | null): Promise<string> {
  const body = kind === "File"
    ? root.querySelector<HTMLInputElement>("input[type=file]")?.files?.[0]
    : new Blob([root.querySelector<HTMLTextAreaElement>("textarea")?.value.trim() ?? ""]);
  if (!body || body.size === 0) {
    return "";
  }
  if (body.size > largestFile) {
    return JSON.stringify({ status: "failed", error: "File size exceeds the limit of 10MB" });
  }
  const response = await fetch(`/api/app-imports${appId ? `?app_id=${appId}` : ""}`, {
    method: "POST",
    headers: { "X-Dify-Upload": "1", "Content-Type": "application/octet-stream" },
    body,
  });
  return response.text();
}
