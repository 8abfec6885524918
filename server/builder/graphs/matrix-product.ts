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
  switch (matrix.type) {
    case 'dense': {
      const weights = denseWeights(graph, matrix.tensor);
      return graph.node('Gemm', [input, weights, ...(bias ? [bias] : [])], { transB: { int: 1 } }, output);
    }
    case 'int8':
      return multiplyIntegers(graph, input, matrix, bias, output);
    case 'int4':
      return multiplyBlocks(graph, input, matrix, bias, output);
  }
}

/** Widens float16 weights; onnxruntime does that once, when it loads the graph. */
function denseWeights(graph: GraphBuilder, tensor: ExternalTensor): string {
  const stored = graph.external(tensor);
  return tensor.type === 'float16' ? graph.node('Cast', [stored], { to: { int: 1 } }) : stored;
}

/**
 * Rounds each row of the input to 8 bits by its largest magnitude and multiplies integers: a scale for each
 * row of the input, so that a row comes out the same whatever is computed beside it, and one for each row of
 * the matrix. Products that share an input share its rounding, since onnxruntime computes equal nodes once.
 */
function multiplyIntegers(
  graph: GraphBuilder,
  input: string,
  matrix: StoredMatrix & { readonly type: 'int8' },
  bias: string,
  output?: string,
): string {
  const rows = { axes: { ints: [1] }, keepdims: { int: 1 } };
  const largest = graph.node('ReduceMax', [graph.node('Abs', [input])], rows);
  const step = graph.node('Mul', [largest, graph.floats('step', Float32Array.of(1 / 127), [1])]);
  const steps = graph.node('Reshape', [step, graph.integers([-1])]);
  const middles = graph.node('Expand', [graph.bytes([128]), graph.node('Shape', [steps])]);
  const codes = graph.node('QuantizeLinear', [input, steps, middles], { axis: { int: 0 } });
  // Turned once, when the graph is loaded.
  const weights = graph.node('Transpose', [graph.external(matrix.codes)], { perm: { ints: [1, 0] } });
  const factors = [codes, weights, step, graph.external(matrix.scales), graph.bytes([128])];
  if (!bias) return graph.node('MatMulIntegerToFloat', factors, {}, output);
  return graph.node('Add', [graph.node('MatMulIntegerToFloat', factors), bias], {}, output);
}

function multiplyBlocks(
  graph: GraphBuilder,
  input: string,
  matrix: StoredMatrix & { readonly type: 'int4' },
  bias: string,
  output?: string,
): string {
  const inputs = [input, graph.external(matrix.codes), graph.external(matrix.scales)];
  return graph.node(
    'MatMulNBits',
    bias ? [...inputs, '', '', bias] : inputs,
    {
      K: { int: matrix.columns },
      N: { int: matrix.rows },
      bits: { int: 4 },
      block_size: { int: blockSize },
      // Level 4 lets the processor multiply in int8, which makes it fast.
      accuracy_level: { int: 4 },
    },
    output,
  );
}
