// The theme switch and the switch for single-letter keys.
import { all, announce, one } from "./dom";
import { recall, remember } from "./storage";

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export function switchTheme(): void {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
  announce(theme === "dark" ? "Dark theme" : "Light theme");
}

export function keysAreOn(): boolean {
  return recall("keys") !== "off";
}

export function startSwitches(): void {
  all("[data-theme-switch]").forEach((button) => button.addEventListener("click", switchTheme));
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-keys-switch]")) remember("keys", box.checked ? "on" : "off");
  });
}

export function showSwitches(root: ParentNode = document): void {
  const box = one<HTMLInputElement>("[data-keys-switch]", root);
  if (box) box.checked = keysAreOn();
}
