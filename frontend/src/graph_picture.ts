// Saves a graph as it is drawn: PNG, SVG, or the JSON behind it.
import type { Core } from "cytoscape";
import type { GraphData } from "./graph";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 40;
const SOON_MS = 1000;

function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), SOON_MS);
}

function shape(name: string, values: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

/** Edges end at the rim of a node, where the arrow is. */
function shortened(from: cytoscape.Position, to: cytoscape.Position): Record<string, number> {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const by = 18 / length;
  return { x1: from.x, y1: from.y, x2: to.x - (to.x - from.x) * by, y2: to.y - (to.y - from.y) * by };
}

function drawn(cy: Core, ground: string): string {
  const box = cy.elements().boundingBox();
  const size = { width: box.w + 2 * MARGIN, height: box.h + 2 * MARGIN };
  const svg = shape("svg", { xmlns: SVG, ...size, viewBox: `${box.x1 - MARGIN} ${box.y1 - MARGIN} ${size.width} ${size.height}`, "font-family": "sans-serif" });
  svg.append(shape("rect", { x: box.x1 - MARGIN, y: box.y1 - MARGIN, ...size, fill: ground }));
  const arrow = shape("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
  arrow.append(shape("path", { d: "M0 0 8 4 0 8Z", fill: "#667085" }));
  svg.append(arrow);
  const dashes: Record<string, string> = { conditional: "6 4", unknown: "2 3" };
  cy.edges().forEach((edge) => {
    const line = shortened(edge.source().position(), edge.target().position());
    svg.append(shape("line", { ...line, stroke: edge.style("line-color"), "stroke-width": edge.style("width"), "stroke-dasharray": dashes[edge.data("state")] ?? "none", opacity: edge.style("opacity"), "marker-end": "url(#arrow)" }));
    const at = { x: (line.x1! + line.x2!) / 2, y: (line.y1! + line.y2!) / 2 - 3 };
    svg.append(shape("text", { ...at, "font-size": 9, "text-anchor": "middle", fill: edge.style("color") }, edge.data("label")));
  });
  cy.nodes().forEach((node) => {
    const { x, y } = node.position();
    const look = { fill: node.style("background-color"), opacity: node.style("opacity") };
    svg.append(node.data("family") === "principal" ? shape("circle", { cx: x, cy: y, r: 14, ...look }) : shape("rect", { x: x - 14, y: y - 14, width: 28, height: 28, rx: 5, ...look }));
    svg.append(shape("text", { x, y: y + 28, "font-size": 11, "text-anchor": "middle", fill: node.style("color") }, node.data("label")));
  });
  return new XMLSerializer().serializeToString(svg);
}

export function save(form: string, cy: Core, data: GraphData, ground: string): void {
  if (form === "png") download("graph.png", cy.png({ output: "blob", full: true, scale: 2, bg: ground, maxWidth: 8000, maxHeight: 8000 }) as unknown as Blob);
  else if (form === "svg") download("graph.svg", new Blob([drawn(cy, ground)], { type: "image/svg+xml" }));
  else if (form === "json") download("graph.json", new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
}
