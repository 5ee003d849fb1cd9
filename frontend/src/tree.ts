// A table that is a tree: arrows open and close rows, and go to the row around. Each state is an address.
import { all, one } from "./dom";

const KEPT = "tree-row";

function level(row: HTMLElement): number {
  return Number(row.getAttribute("aria-level"));
}

function around(row: HTMLElement): HTMLElement | null {
  const rows = all("[data-tree] tbody tr");
  return rows.slice(0, rows.indexOf(row)).reverse().find((each) => level(each) < level(row)) ?? null;
}

function toggle(row: HTMLElement): void {
  const link = one<HTMLAnchorElement>("[data-toggle]", row);
  if (!link) return;
  sessionStorage.setItem(KEPT, (link.getAttribute("aria-label") ?? "").replace(/^\w+ /, ""));
  location.assign(link.href);
}

function onKey(event: KeyboardEvent): void {
  const row = event.target as HTMLElement;
  if (!row.matches("[data-tree] tbody tr") || !["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  const rows = all("[data-tree] tbody tr");
  const isOpen = row.getAttribute("aria-expanded");
  if (event.key === "ArrowDown") rows[rows.indexOf(row) + 1]?.focus();
  else if (event.key === "ArrowUp") rows[rows.indexOf(row) - 1]?.focus();
  else if (event.key === "ArrowRight" && isOpen === "false") toggle(row);
  else if (event.key === "ArrowRight" && isOpen === "true") rows[rows.indexOf(row) + 1]?.focus();
  else if (event.key === "ArrowLeft" && isOpen === "true") toggle(row);
  else if (event.key === "ArrowLeft") around(row)?.focus();
}

export function startTree(): void {
  document.addEventListener("keydown", onKey);
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!kept || !one("[data-tree]")) return;
  const link = all("[data-toggle]").find((each) => each.getAttribute("aria-label")?.replace(/^\w+ /, "") === kept);
  link?.closest<HTMLElement>("tr")?.focus();
}
