// Finds the graphs of a page and brings the island that draws them, which pages without a graph never load.
import { all, announce } from "./dom";

export function startGraphs(root: ParentNode = document): void {
  const waiting = all("[data-graph]:not([data-ready])", root);
  if (!waiting.length) return;
  import("./graph").then(
    ({ mountGraph }) => waiting.forEach((figure) => void mountGraph(figure)),
    () => announce("The graph cannot be drawn. Its list says the same."),
  );
}
