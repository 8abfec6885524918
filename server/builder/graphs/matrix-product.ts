import { blockSize } from '../weights/block-quantisation.js';
import type { StoredMatrix } from '../weights/stored-matrix.js';
import type { ExternalTensor } from '../weights/weight-file.js';
import type { GraphBuilder } from './graph-builder.js';

/** input [n, columns] times the transposed matrix, plus the bias unless its name is empty: [n, rows]. */
export function multiply(
  graph: GraphBuilder,
  input: string,
  matrix: StoredMatrix,
  bias = '',
  output?: string,
): string {
  if (matrix.type === 'dense') {
    const weights = denseWeights(graph, matrix.tensor);
    return graph.node('Gemm', [input, weights, ...(bias ? [bias] : [])], { transB: { int: 1 } }, output);
  }
  const inputs = [input, graph.external(matrix.codes), graph.external(matrix.scales)];
  return graph.node(
    'MatMulNBits',
    bias ? [...inputs, '', '', bias] : inputs,
    {
      K: { int: matrix.columns },
      N: { int: matrix.rows },
      bits: { int: matrix.bits },
      block_size: { int: blockSize },
      // Level 4 lets the processor multiply in int8, which makes it fast.
      accuracy_level: { int: 4 },
    },
    output,
  );
}

/** Widens float16 weights; onnxruntime does that once, when it loads the graph. */
function denseWeights(graph: GraphBuilder, tensor: ExternalTensor): string {
  const stored = graph.external(tensor);
  return tensor.type === 'float16' ? graph.node('Cast', [stored], { to: { int: 1 } }) : stored;
}
