// Runs before the first paint, so that a dark page never flashes white. A file of its own because the page allows no inline script.
(() => {
  let chosen = "auto";
  try {
    chosen = localStorage.getItem("molva.scheme") || "auto";
  } catch {
    // Storage may be forbidden; the system's scheme then holds.
  }
  const dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
