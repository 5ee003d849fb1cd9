// Filter menus: one open at a time, closed by Escape and by a click beside them; empty values stay out of the URL.
import { all } from "./dom";

function closeOthers(kept: Element | null): void {
  all<HTMLDetailsElement>("details[data-menu][open]").forEach((menu) => {
    if (menu !== kept) menu.open = false;
  });
}

export function startFilters(): void {
  document.addEventListener("click", (event) => closeOthers((event.target as HTMLElement).closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = (event.target as HTMLElement).closest<HTMLDetailsElement>("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData.entries()]) if (value === "") event.formData.delete(name);
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const data = (event as CustomEvent).detail.formData as FormData | undefined;
    if (!data) return;
    for (const [name, value] of [...data.entries()]) if (value === "") data.delete(name);
  });
}
