// Rows that are ticked: all at once, and how many. The form that acts on them works without this.
import { all, one } from "./dom";

function tell(): void {
  const count = all<HTMLInputElement>("[data-tick]").filter((box) => box.checked).length;
  const place = one("[data-ticked]");
  if (place) place.textContent = count === 0 ? "Tick rows to act on them" : `${count} ticked`;
}

/** Turn the box of a row; for the key. */
export function tickRow(row: HTMLElement | null): void {
  const box = row && one<HTMLInputElement>("[data-tick]", row);
  if (!box) return;
  box.checked = !box.checked;
  tell();
}

export function startTicking(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-tick-all]")) for (const each of all<HTMLInputElement>("[data-tick]")) each.checked = box.checked;
    if (box.matches("[data-tick], [data-tick-all]")) tell();
  });
}
