// Loaded before first paint, blocking: applies the saved theme; without one the system's holds.
try {
  const saved = localStorage.getItem("theme");
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
} catch {
  // Storage may be switched off: the system's theme holds.
}
