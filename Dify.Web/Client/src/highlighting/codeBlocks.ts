/** Longer code stays plain: colouring it would hold the page. */
const longestColoured = 40_000;

let loading: Promise<typeof import("./highlighter")> | undefined;
let loaded: typeof import("./highlighter") | undefined;

/** Colours code below the node that is not coloured yet. The colours are loaded with the first code that is seen. */
export function colourCode(node: ParentNode): void {
  for (const code of node.querySelectorAll<HTMLElement>("pre > code[class^='language-']:not([data-coloured])")) {
    const language = code.className.slice("language-".length);
    if ((code.textContent?.length ?? 0) > longestColoured) {
      continue;
    }
    if (loaded) {
      code.dataset.coloured = "";
      loaded.highlight(code, language);
    } else {
      loading ??= import("./highlighter");
      void loading.then(module => {
        loaded = module;
        if (code.isConnected && code.dataset.coloured === undefined) {
          code.dataset.coloured = "";
          module.highlight(code, language);
        }
      });
    }
  }
}
