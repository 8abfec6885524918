import { DuetError } from '../../../errors.js';
import type { Graph } from '../graphs/graph.js';

/**
 * Throws unless `graph` takes and gives what the runtime will ask of it, naming its file, what `described.by`
 * says and what the graph has: 'model_failed' for other sizes, 'unsupported' for a graph of another kind.
 * Only declarations are read, so it costs nothing; a size that the graph leaves open fits.
 */
export function requireFit(graph: Graph, described: GraphDescription): void {
  const fault = countFault(graph, described) ?? firstFault(graph, described);
  if (fault === undefined) return;
  const { isForeign = false, says } = fault;
  throw isForeign
    ? new DuetError('unsupported', `${graph.name} ${says}; take one that was made for Duet's layout`)
    : new DuetError('model_failed', `${graph.name} ${says}; build or download the model again`);
}

/** Loads the graph at a path and requires it to fit; it is freed with the model. */
export type LoadGraph = (path: string, described: GraphDescription) => Promise<Graph>;

/** What a graph should be. */
export interface GraphDescription {
  /** The file that says so. */
  readonly by: string;
  readonly inputs: GraphValues;
  readonly outputs: GraphValues;
  /** Inputs that it may have. */
  readonly optional?: readonly string[];
  /** Inputs of its cache begin so; what their number follows from. */
  readonly cache?: { readonly prefix: string; readonly from: string };
}

/** The shapes of inputs or outputs, by name. */
export type GraphValues = Readonly<Record<string, readonly Size[]>>;

/**
 * One size of a shape: the number that a field says, one that is the same for every model, or the name of one
 * that varies.
 */
type Size = { readonly field: string; readonly is: number } | number | string;

type Declared = readonly (number | string)[];

/** What does not fit; whether no other build of the same graph would. */
interface Fault {
  readonly says: string;
  readonly isForeign?: boolean;
}

/** The fault of most decoders that belong elsewhere, for which the first name that is missing says little. */
function countFault(graph: Graph, { by, cache, inputs }: GraphDescription): Fault | undefined {
  if (cache === undefined) return undefined;
  const countOf = (names: readonly string[]) => names.filter((name) => name.startsWith(cache.prefix)).length;
  const [found, wanted] = [countOf(graph.inputs), countOf(Object.keys(inputs))];
  if (found === wanted) return undefined;
  return { says: `has ${found} inputs of its cache where ${by} makes ${wanted} (${cache.from})` };
}

function firstFault(
  graph: Graph,
  { by, inputs, outputs, optional = [] }: GraphDescription,
): Fault | undefined {
  for (const [name, sizes] of Object.entries(inputs)) {
    const fault = shapeFault('takes', name, graph.shapeOfInput(name), sizes, by);
    if (fault !== undefined) return fault;
  }
  for (const [name, sizes] of Object.entries(outputs)) {
    const fault = shapeFault('gives', name, graph.shapeOfOutput(name), sizes, by);
    if (fault !== undefined) return fault;
  }
  const strange = graph.inputs.find((name) => !(name in inputs) && !optional.includes(name));
  if (strange === undefined) return undefined;
  return { says: `takes ${shortened(strange)}, which this runtime does not give`, isForeign: true };
}

function shapeFault(
  verb: 'takes' | 'gives',
  name: string,
  declared: Declared | null,
  sizes: readonly Size[],
  by: string,
): Fault | undefined {
  const wanted = `${name} ${written(sizes.map(numberOf))}`;
  if (declared === null) return { says: `${verb} no ${wanted}` };
  // Graphs may leave a whole shape open.
  if (declared.length === 0) return undefined;
  const found = `${verb} ${name} ${written(declared)}`;
  const wrong = sizes.filter((size, at) => !fits(declared[at], size));
  const said = wrong.flatMap((size) => (typeof size === 'object' ? [`${size.field} = ${size.is}`] : []));
  const isForeign = declared.length !== sizes.length || said.length < wrong.length;
  if (isForeign) return { says: `${found} where ${wanted} is used`, isForeign };
  if (said.length === 0) return undefined;
  return { says: `${found} where ${by} says ${[...new Set(said)].join(' and ')}` };
}

function fits(declared: number | string | undefined, size: Size): boolean {
  if (typeof declared !== 'number' || declared < 0 || typeof size === 'string') return true;
  return declared === (typeof size === 'number' ? size : size.is);
}

function numberOf(size: Size): number | string {
  return typeof size === 'object' ? size.is : size;
}

function written(sizes: Declared): string {
  return `[${sizes.map((size) => shortened(String(size))).join(', ')}]`;
}

/** Names come from a stranger's file. */
function shortened(name: string): string {
  return name.slice(0, 100);
}
