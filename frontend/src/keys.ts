// Keyboard: the keys of the help page. Off while typing, and when the user switched them off.
import { all, one } from "./dom";
import { openDrawer } from "./drawer";
import { keysAreOn, switchTheme } from "./switch";
import { tickRow } from "./tick";

const GO_WITHIN_MS = 1200;
let goPressedAt = 0;

function rows(): HTMLElement[] {
  return all("main [data-row]");
}

function step(by: number): void {
  const list = rows();
  const here = list.indexOf((document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-row]") as HTMLElement);
  const next = here < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(Math.max(here + by, 0), list.length - 1);
  list[next]?.focus();
}

function go(key: string): boolean {
  const link = one<HTMLAnchorElement>(`[data-go="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
  return link !== null;
}

function openRow(row: HTMLElement, asPage: boolean): void {
  const href = one<HTMLAnchorElement>("a[href]", row)?.href;
  if (!href) return;
  if (asPage || !row.hasAttribute("data-drawer")) location.assign(href);
  else openDrawer(href, row);
}

const actions: Record<string, () => void> = {
  "/": () => (one<HTMLInputElement>("main input[type=search]") ?? one<HTMLInputElement>("#search"))?.focus(),
  f: () => one<HTMLElement>("[data-filters] summary, [data-filters] select, [data-filters] input")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  t: switchTheme,
  x: () => tickRow((document.activeElement as HTMLElement | null)?.closest<HTMLElement>("[data-row]") ?? null),
  "[": () => one("[rel=prev]")?.click(),
  "]": () => one("[rel=next]")?.click(),
  "?": () => openDrawer("/help", document.activeElement as HTMLElement | null),
};

function isTyping(target: HTMLElement): boolean {
  const box = target as HTMLInputElement;
  if (target.tagName === "INPUT") return !["checkbox", "radio"].includes(box.type);
  return target.isContentEditable || ["SELECT", "TEXTAREA"].includes(target.tagName);
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.key === "Escape" && isTyping(target)) return target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target) || !keysAreOn()) return;
  if (event.key === "Enter" && target.matches("[data-row]")) {
    event.preventDefault();
    return openRow(target, event.shiftKey);
  }
  if (one<HTMLDialogElement>("dialog[open]")) return;
  const isSecond = event.timeStamp - goPressedAt < GO_WITHIN_MS;
  goPressedAt = event.key === "g" ? event.timeStamp : -GO_WITHIN_MS;
  if (isSecond && go(event.key)) return event.preventDefault();
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

export function startKeys(): void {
  goPressedAt = -GO_WITHIN_MS;
  document.addEventListener("keydown", onKey);
}
