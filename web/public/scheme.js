// Runs before the first paint, so that a dark page never flashes white and a compact one never jumps. A file of its own because the page
// allows no inline script.
(() => {
  const kept = (name, otherwise) => {
    try {
      return localStorage.getItem(`molva.${name}`) || otherwise;
    } catch {
      // Storage may be forbidden; then holds what nobody chose.
      return otherwise;
    }
  };
  const root = document.documentElement;
  const chosen = kept("scheme", "auto");
  const dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  root.setAttribute("data-density", kept("density", "") === "compact" ? "compact" : "comfortable");
})();
