// Finding elements, with their types.

export function one<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

export function all<T extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** Say something to a person who may not see the screen, and show it for a moment. */
export function announce(text: string): void {
  const toast = one("#toast");
  if (!toast) return;
  toast.textContent = text;
  toast.classList.add("is-shown");
  window.setTimeout(() => toast.classList.remove("is-shown"), 2500);
}
