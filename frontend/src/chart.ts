// The trend: the server draws it; this adds a reading under the pointer and for the arrow keys.
import { all, one } from "./dom";

function mount(chart: HTMLElement): void {
  const points = [...chart.querySelectorAll<SVGElement>("[data-point]")];
  const reading = one("[data-reading]", chart);
  const svg = chart.querySelector("svg");
  if (!points.length || !reading || !svg) return;
  const idle = reading.textContent;
  let shown = points.length - 1;

  const show = (index: number): void => {
    points[shown]?.classList.remove("is-on");
    shown = Math.min(Math.max(index, 0), points.length - 1);
    points[shown]?.classList.add("is-on");
    reading.textContent = points[shown]?.dataset.point ?? "";
  };
  const hide = (): void => {
    points[shown]?.classList.remove("is-on");
    reading.textContent = idle;
  };
  svg.addEventListener("pointermove", (event) => {
    const at = points.map((point) => Math.abs(point.getBoundingClientRect().x - event.clientX));
    show(at.indexOf(Math.min(...at)));
  });
  svg.addEventListener("pointerleave", hide);
  svg.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") show(shown - 1);
    else if (event.key === "ArrowRight") show(shown + 1);
    else return;
    event.preventDefault();
  });
  svg.addEventListener("focus", () => show(shown));
  svg.addEventListener("blur", hide);
}

export function startCharts(root: ParentNode = document): void {
  all("[data-chart]", root).forEach(mount);
}
