// The right drawer: a page's own content, beside the list it was opened from.
import htmx from "htmx.org";
import { one } from "./dom";

let opener: HTMLElement | null = null;

export function openDrawer(href: string, from: HTMLElement | null): void {
  const drawer = one<HTMLDialogElement>("#drawer");
  const body = one("#drawer-body");
  if (!drawer || !body) return void location.assign(href);
  opener = from;
  one<HTMLAnchorElement>("#drawer-page")?.setAttribute("href", href);
  body.replaceChildren();
  if (!drawer.open) drawer.showModal();
  void htmx.ajax("get", href, { target: body, swap: "innerHTML" });
}

export function startDrawer(): void {
  const drawer = one<HTMLDialogElement>("#drawer");
  if (!drawer) return;
  one("#drawer-close")?.addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => opener?.focus());
}
