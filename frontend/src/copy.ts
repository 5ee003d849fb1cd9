// Copy buttons: `data-copy` names the element whose text goes to the clipboard.
import { announce, one } from "./dom";

export function startCopying(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-copy]");
    const source = button && one(button.dataset.copy ?? "");
    if (!source) return;
    try {
      await navigator.clipboard.writeText(source.textContent ?? "");
      announce("Copied");
    } catch {
      getSelection()?.selectAllChildren(source);
      announce("Selected: press Ctrl+C to copy");
    }
  });
}
