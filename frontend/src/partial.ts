// Partial updates by htmx, under a policy that forbids eval and inline styles.
import htmx from "htmx.org";
import { startCharts } from "./chart";
import { one } from "./dom";
import { startGraphs } from "./graphs";
import { showSwitches } from "./switch";

interface Swap extends Event {
  detail: { target: HTMLElement; xhr?: XMLHttpRequest; elt: HTMLElement };
}

/** Put a message with a way on where the answer should have come. The rest of the page stays. */
function showFailure(target: HTMLElement, status: number, id: string | null): void {
  const box = document.createElement("div");
  box.className = "notice is-error";
  box.setAttribute("role", "alert");
  const what = status ? `The server answered ${status}` : "The server cannot be reached";
  box.append(`${what}. What you see may be old. ${id ? `Request ${id}. ` : ""}`);
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = "Try again";
  box.append(again);
  one(".notice.is-error", target)?.remove();
  target.prepend(box);
}

export function startPartials(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    defaultSettleDelay: 0, // with the default, an edit within 20 ms of a swap is not seen
  });
  const on = (name: string, act: (swap: Swap) => void): void =>
    document.addEventListener(name, (event) => act(event as Swap));
  on("htmx:beforeRequest", ({ detail }) => detail.target.setAttribute("aria-busy", "true"));
  on("htmx:afterRequest", ({ detail }) => detail.target.removeAttribute("aria-busy"));
  on("htmx:responseError", ({ detail }) =>
    showFailure(detail.target, detail.xhr?.status ?? 0, detail.xhr?.getResponseHeader("x-request-id") ?? null));
  on("htmx:sendError", ({ detail }) => showFailure(detail.target, 0, null));
  on("htmx:afterSwap", ({ detail }) => {
    startCharts(detail.target);
    startGraphs(detail.target);
    showSwitches(detail.target);
  });
}
