// A graph on a canvas, with a list beside it that says the same. The list is made by the server and works alone.
//
// <div data-graph>                               or data-graph="/address/of/the.json"
//   <pre hidden data-graph-data>{"nodes": …, "edges": …, "path": …, "center": …}</pre>
//   <div data-graph-canvas role="img" aria-label="…"></div>
//   <button data-graph-do="in|out|fit|labels|png|svg|json">
//   <div data-graph-panel></div>                 shows what is selected
//   <button data-graph-node="ID"> … <button data-graph-edge="NUMBER">    entries of the list
// </div>
//
// `path` lists ids of nodes in order: they and what joins them are drawn strong, the rest faint. The selected node is
// in the address as #node=ID. `mountGraph` may be called for any such element; `startGraphs` does it for a whole page.
import cytoscape, { type Core, type NodeSingular, type StylesheetJson } from "cytoscape";
import dagre from "cytoscape-dagre";
import { all, one } from "./dom";
import { showEdge, showNode } from "./graph_panel";
import { save } from "./graph_picture";

export interface GraphNode {
  id: string;
  name: string;
  kind: string;
  /** Address of its page. */
  href?: string;
  /** Risk level that is shown by colour and shape. */
  risk?: string;
  /** How many nodes it stands for, if it is a group. */
  members?: number;
  [fact: string]: unknown;
}

export interface GraphEdge {
  source: string;
  target: string;
  kind: string;
  state?: string;
  [fact: string]: unknown;
}

export interface GraphData {
  nodes: GraphNode[];
  edges: GraphEdge[];
  path?: string[];
  center?: string;
}

const STYLE_ID = "__________cytoscape_stylesheet";
const LONGEST_LABEL = 28;
const STEP = 1.3;

/** Cytoscape adds an inline <style>, which the policy refuses, unless an element has this id. */
function keepStyleOut(): void {
  if (document.getElementById(STYLE_ID)) return;
  document.head.append(Object.assign(document.createElement("template"), { id: STYLE_ID }));
}

async function read(figure: HTMLElement): Promise<GraphData> {
  const inline = one("[data-graph-data]", figure);
  if (inline) return JSON.parse(inline.textContent ?? "") as GraphData;
  const answer = await fetch(figure.dataset.graph ?? "");
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as GraphData;
}

function short(text: string): string {
  const letters = [...text];
  return letters.length > LONGEST_LABEL ? `${letters.slice(0, LONGEST_LABEL - 1).join("")}…` : text;
}

/** The computed value of a colour of the theme, as canvases know no variables. */
function colour(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function looks(withLabels: boolean): StylesheetJson {
  const ink = colour("ink");
  return [
    {
      selector: "node",
      style: {
        label: "data(label)", "font-size": 11, color: ink, "text-valign": "bottom", "text-margin-y": 4,
        width: 28, height: 28, "background-color": colour("low"), "border-width": 2, "border-color": colour("surface"),
      },
    },
    { selector: "node[?members]", style: { shape: "round-rectangle", "border-style": "double", "border-width": 4 } },
    { selector: "node[family='principal']", style: { shape: "ellipse", "background-color": colour("accent") } },
    { selector: "node[family='data']", style: { shape: "barrel", "background-color": colour("good") } },
    { selector: "node[family='outside']", style: { shape: "hexagon", "background-color": colour("high") } },
    { selector: "node[family='weakness']", style: { shape: "triangle", "background-color": colour("critical") } },
    { selector: "node[family='asset']", style: { shape: "round-rectangle" } },
    { selector: "node[risk='critical'],node[risk='high']", style: { "border-color": colour("critical") } },
    { selector: "node.is-center", style: { "border-width": 5, "border-color": colour("ink") } },
    {
      selector: "edge",
      style: {
        width: 1.5, "line-color": colour("muted"), "target-arrow-color": colour("muted"), "curve-style": "bezier",
        "target-arrow-shape": "triangle", label: withLabels ? "data(label)" : "", "font-size": 9, color: ink,
        "text-rotation": "autorotate", "text-background-color": colour("surface"), "text-background-opacity": 0.8,
      },
    },
    { selector: "edge[state='conditional']", style: { "line-style": "dashed" } },
    { selector: "edge[state='unknown']", style: { "line-style": "dotted" } },
    { selector: ".is-off", style: { opacity: 0.35 } },
    { selector: "edge.is-on", style: { width: 3, "line-color": colour("critical"), "target-arrow-color": colour("critical") } },
    { selector: ":selected", style: { "border-color": colour("accent"), "border-width": 5 } },
    { selector: "edge:selected", style: { width: 4, "line-color": colour("accent"), "target-arrow-color": colour("accent") } },
  ];
}

function family(kind: string): string {
  if (["internet", "everyone", "account", "issuer"].includes(kind)) return "outside";
  if (["secret", "vulnerability"].includes(kind)) return "weakness";
  if (/IAM::|identit|principal|serviceaccount/i.test(kind)) return "principal";
  if (/S3::|storage|RDS::|sql|DynamoDB|bucket|SecretsManager|vaults/i.test(kind)) return "data";
  return "asset";
}

function elements(data: GraphData): cytoscape.ElementDefinition[] {
  const path = data.path ?? [];
  const steps = new Set(path.slice(1).map((id, at) => `${path[at]}\n${id}`));
  const on = (is: boolean): string => (path.length ? (is ? "is-on" : "is-off") : "");
  const known = new Set(data.nodes.map((node) => node.id));
  const nodes = data.nodes.map((node) => ({
    data: { id: node.id, label: short(node.name || node.id), family: family(node.kind), risk: node.risk, members: node.members },
    classes: `${on(path.includes(node.id))}${node.id === data.center ? " is-center" : ""}`,
  }));
  const edges = data.edges.map((edge, at) => ({
    data: { id: `\nedge ${at}`, at, source: edge.source, target: edge.target, label: edge.kind, state: edge.state },
    classes: on(steps.has(`${edge.source}\n${edge.target}`)),
  }));
  return [...nodes, ...edges.filter((edge) => known.has(edge.data.source) && known.has(edge.data.target))];
}

/** The nearest node in the direction of an arrow key. */
function beside(from: NodeSingular, key: string): NodeSingular | undefined {
  const ahead = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!ahead) return undefined;
  const here = from.position();
  let best: NodeSingular | undefined;
  let least = Infinity;
  from.cy().nodes().forEach((node) => {
    const x = node.position().x - here.x;
    const y = node.position().y - here.y;
    const along = x * ahead[0]! + y * ahead[1]!;
    const cost = along + 3 * Math.abs(x * ahead[1]! + y * ahead[0]!);
    if (along > 1 && cost < least) [best, least] = [node, cost];
  });
  return best;
}

class Island {
  private withLabels = true;

  constructor(private readonly figure: HTMLElement, private readonly data: GraphData, private readonly cy: Core) {}

  start(): void {
    this.cy.on("tap", "node", (event) => this.node(event.target.id()));
    this.cy.on("tap", "edge", (event) => this.edge(Number(event.target.data("at"))));
    all("[data-graph-node]", this.figure).forEach((entry) => entry.addEventListener("click", () => this.node(entry.dataset.graphNode ?? "")));
    all("[data-graph-edge]", this.figure).forEach((entry) => entry.addEventListener("click", () => this.edge(Number(entry.dataset.graphEdge))));
    all("[data-graph-do]", this.figure).forEach((button) => button.addEventListener("click", () => this.act(button.dataset.graphDo ?? "")));
    one("[data-graph-canvas]", this.figure)?.addEventListener("keydown", (event) => this.key(event));
    const redraw = (): void => void this.cy.style(looks(this.withLabels));
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    const wanted = /^#node=(.+)$/.exec(location.hash)?.[1];
    if (wanted) this.node(decodeURIComponent(wanted));
  }

  private node(id: string): void {
    const found = this.data.nodes.find((node) => node.id === id);
    if (!found) return;
    this.select(this.cy.getElementById(id));
    this.mark("graphNode", id);
    history.replaceState(history.state, "", `#node=${encodeURIComponent(id)}`);
    showNode(one("[data-graph-panel]", this.figure), found, this.data);
  }

  private edge(at: number): void {
    const found = this.data.edges[at];
    if (!found) return;
    this.select(this.cy.getElementById(`\nedge ${at}`));
    this.mark("graphEdge", String(at));
    showEdge(one("[data-graph-panel]", this.figure), found, this.data);
  }

  private select(element: cytoscape.CollectionReturnValue): void {
    this.cy.elements().unselect();
    element.select();
  }

  private mark(name: "graphNode" | "graphEdge", value: string): void {
    all("[data-graph-node],[data-graph-edge]", this.figure).forEach((entry) =>
      entry.toggleAttribute("aria-current", entry.dataset[name] === value));
    all("[aria-current]", this.figure).forEach((entry) => entry.setAttribute("aria-current", "true"));
  }

  private act(what: string): void {
    if (what === "in" || what === "out") this.zoom(what === "in" ? STEP : 1 / STEP);
    else if (what === "fit") this.cy.fit(undefined, 24);
    else if (what === "labels") this.cy.style(looks((this.withLabels = !this.withLabels)));
    else save(what, this.cy, this.data, colour("surface"));
  }

  private zoom(by: number): void {
    this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } });
  }

  private key(event: KeyboardEvent): void {
    const zooms: Record<string, string> = { "+": "in", "=": "in", "-": "out", "0": "fit" };
    const now = this.cy.nodes(":selected")[0] ?? this.cy.nodes(".is-center")[0] ?? this.cy.nodes()[0];
    if (zooms[event.key]) this.act(zooms[event.key]!);
    else if (event.key.startsWith("Arrow") && now) this.node((beside(now, event.key) ?? now).id());
    else if (event.key === "Enter") one("[data-graph-panel]", this.figure)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

let isRegistered = false;

/** Draw one graph. */
export async function mountGraph(figure: HTMLElement): Promise<void> {
  const canvas = one("[data-graph-canvas]", figure);
  if (!canvas || figure.dataset.ready) return;
  figure.dataset.ready = "loading";
  keepStyleOut();
  if (!isRegistered) cytoscape.use(dagre);
  isRegistered = true;
  try {
    const data = await read(figure);
    const layout = { name: "dagre", rankDir: "LR", nodeSep: 26, rankSep: 110, fit: true, padding: 24 };
    const cy = cytoscape({ container: canvas, elements: elements(data), style: looks(true), layout: layout as cytoscape.LayoutOptions, minZoom: 0.05, maxZoom: 4, userZoomingEnabled: true });
    if (cy.zoom() > 1.5) cy.zoom(1.5).center();
    new Island(figure, data, cy).start();
    figure.dataset.ready = "1";
  } catch {
    canvas.textContent = "The graph cannot be drawn. The list says the same.";
    figure.dataset.ready = "failed";
  }
}
