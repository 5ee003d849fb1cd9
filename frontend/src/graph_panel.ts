// What is selected in a graph, in words. Names come from clouds: they are set as text only.
import type { GraphData, GraphEdge, GraphNode } from "./graph";

interface Proof {
  asset: string;
  field: string;
  says: string;
  read_at?: string | null;
}

function put<K extends keyof HTMLElementTagNameMap>(parent: HTMLElement, tag: K, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  parent.append(made);
  return made;
}

function said(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function facts(panel: HTMLElement, rows: [string, unknown][]): void {
  const list = put(panel, "dl");
  list.className = "facts";
  for (const [name, value] of rows) {
    if (value === "" || value === undefined || value === null || (Array.isArray(value) && !value.length)) continue;
    const pair = put(list, "div");
    put(pair, "dt", name);
    put(pair, "dd", said(value)).className = "name";
  }
}

/** Show the part that the server made for a node or an edge, if it made any. */
function shown(panel: HTMLElement, name: string): boolean {
  const parts = [...panel.querySelectorAll<HTMLElement>("[data-panel-for]")];
  parts.forEach((part) => part.toggleAttribute("hidden", part.dataset.panelFor !== name));
  panel.querySelector("[data-panel-hint]")?.remove();
  return parts.length > 0;
}

export function showNode(panel: HTMLElement | null, node: GraphNode, data: GraphData): void {
  if (!panel || shown(panel, node.id)) return;
  panel.replaceChildren();
  put(panel, "h3", node.name || node.id).className = "name";
  const insights = Object.entries((node.insights as Record<string, unknown> | undefined) ?? {});
  facts(panel, [["Type", node.kind], ["Scope", node.scope], ["Region", node.region], ["Stands for", node.members], ["Id", node.id], ...insights]);
  const leads = data.edges.filter((edge) => edge.source === node.id).length;
  const led = data.edges.filter((edge) => edge.target === node.id).length;
  put(panel, "p", `${leads} edges lead from it, ${led} to it.`).className = "small muted";
  if (!node.href?.startsWith("/")) return;
  const link = put(panel, "a", "Open its page");
  link.href = node.href;
}

export function showEdge(panel: HTMLElement | null, edge: GraphEdge, data: GraphData): void {
  if (!panel || shown(panel, `#${data.edges.indexOf(edge)}`)) return;
  panel.replaceChildren();
  const name = (id: string): string => data.nodes.find((node) => node.id === id)?.name ?? id;
  put(panel, "h3", `${name(edge.source)} ${edge.kind} ${name(edge.target)}`).className = "name";
  facts(panel, [["State", edge.state], ["Condition", edge.condition], ["Gives", edge.capability], ["Actions", edge.actions], ["Ports", edge.ports], ["Rule", edge.rule]]);
  const proofs = (edge.evidence as Proof[] | undefined) ?? [];
  const list = put(panel, "ul");
  for (const proof of proofs) put(list, "li", `${proof.says} (${proof.field || "asset"} of ${proof.asset}${proof.read_at ? `, read ${proof.read_at}` : ""})`).className = "name small";
}
