/**
 * The circles of a graph: sets of two and more nodes that all lead to each other (Tarjan's strongly connected
 * components), each sorted by name, the largest first.
 */
export function circlesOf(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const search: Search = { graph, order: new Map(), lowest: new Map(), open: [], circles: [] };
  for (const node of graph.keys()) if (!search.order.has(node)) visit(node, search);
  return search.circles.map((circle) => circle.toSorted()).sort((one, other) => other.length - one.length);
}

interface Search {
  readonly graph: ReadonlyMap<string, ReadonlySet<string>>;
  /** When each node was reached. */
  readonly order: Map<string, number>;
  /** The earliest open node that each node leads to. */
  readonly lowest: Map<string, number>;
  /** Nodes whose component is not complete yet. */
  readonly open: string[];
  readonly circles: (readonly string[])[];
}

function visit(node: string, search: Search): void {
  const { graph, order, lowest, open, circles } = search;
  const own = order.size;
  order.set(node, own);
  lowest.set(node, own);
  open.push(node);
  for (const next of graph.get(node) ?? []) {
    if (!graph.has(next)) continue;
    if (!order.has(next)) visit(next, search);
    if (open.includes(next)) lowest.set(node, Math.min(lowest.get(node) ?? own, lowest.get(next) ?? own));
  }
  if (lowest.get(node) !== own) return;
  const component = open.splice(open.indexOf(node));
  if (component.length > 1) circles.push(component);
}
