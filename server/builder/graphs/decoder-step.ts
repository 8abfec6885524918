import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DecoderArchitecture } from '../checkpoint/architecture.js';
import type { GraphBuilder } from './graph-builder.js';

/**
 * Adds what is computed once per step. Queries of one key-value head are laid out [s, group], so each row of
 * the mask repeats.
 */
export function addStepValues(graph: GraphBuilder, decoder: DecoderArchitecture): StepValues {
  const positions = graph.input(graphNames.positionIds, 'int64', ['s']);
  const firstPast = graph.input(graphNames.pastKey(0, 0), 'float32', ['p', decoder.headSize]);
  const newLength = graph.node('Shape', [positions]);
  const pastLength = graph.node('Shape', [firstPast], { start: { int: 0 }, end: { int: 1 } });
  return {
    ...rotaryTables(graph, positions, decoder),
    firstRow: graph.integers([0]),
    mask: causalMask(graph, newLength, decoder.queryHeads / decoder.keyValueHeads),
    lengths: graph.node('Concat', [pastLength, newLength], { axis: { int: 0 } }),
  };
}

/** Values that every layer of one step shares. */
export interface StepValues {
  /** Rotary tables [s, headSize / 2] of the new positions. */
  readonly cosines: string;
  readonly sines: string;
  /** int64 [1], zero: the tables begin at the first new row. */
  readonly firstRow: string;
  /**
   * Causal mask among the new rows [s * group, s], added to scores: 0 where visible, hugely negative
   * elsewhere.
   */
  readonly mask: string;
  /** int64 [2]: past rows and new rows. */
  readonly lengths: string;
}

/** cos and sin of position * theta^(-2i / headSize). */
function rotaryTables(graph: GraphBuilder, positions: string, { headSize, ropeTheta }: DecoderArchitecture) {
  const half = headSize / 2;
  const rates = Float32Array.from({ length: half }, (_, i) => 1 / ropeTheta ** ((2 * i) / headSize));
  const column = graph.node('Reshape', [positions, graph.integers([-1, 1])]);
  const places = graph.node('Cast', [column], { to: { int: 1 } });
  const angles = graph.node('Mul', [places, graph.floats('rotary_rates', rates, [1, half])]);
  return { cosines: graph.node('Cos', [angles]), sines: graph.node('Sin', [angles]) };
}

function causalMask(graph: GraphBuilder, length: string, group: number): string {
  const row = graph.node('Expand', [graph.floats('unseen', Float32Array.of(-1e30), [1]), length]);
  const square = graph.node('Expand', [row, graph.node('Concat', [length, length], { axis: { int: 0 } })]);
  const above = graph.node('Trilu', [square, graph.integers([1], [])], { upper: { int: 1 } });
  if (group === 1) return above;
  const one = graph.node('Unsqueeze', [above, graph.integers([1])]);
  const shape = graph.node('Concat', [length, graph.integers([group]), length], { axis: { int: 0 } });
  const repeated = graph.node('Expand', [one, shape]);
  const flatShape = graph.node('Concat', [graph.integers([-1]), length], { axis: { int: 0 } });
  return graph.node('Reshape', [repeated, flatShape]);
}
