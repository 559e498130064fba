// Runs before the first paint: the chosen theme, else the system's, as an attribute for the page's ground colour.
(function () {
  const stored = /(?:^|; )dify_theme=(light|dark|system)/.exec(document.cookie);
  const mode = stored ? stored[1] : "system";
  const dark = mode === "dark" || (mode === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  window.difyTheme = {
    get: () => mode,
    set: (next) => {
      document.cookie = "dify_theme=" + next + "; path=/; max-age=31536000; samesite=lax";
    },
    paint: (isDark) => {
      document.documentElement.dataset.theme = isDark ? "dark" : "light";
    },
  };
})();
