import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DecoderArchitecture } from '../checkpoint/architecture.js';
import type { StepValues } from './decoder-step.js';
import type { GraphBuilder } from './graph-builder.js';
import type { ModelPart } from './model-part.js';
import type { MatrixFormat } from '../weights/stored-matrix.js';
import { decoderLayer } from '../checkpoint/tensor-names.js';

/**
 * Self-attention of one layer: rows [s, hidden] -> [s, hidden]; the new keys and values are outputs of the
 * graph.
 */
export async function addAttention(
  part: ModelPart,
  rows: string,
  at: LayerPlace,
  format: MatrixFormat,
): Promise<string> {
  const { graph } = part;
  const { hiddenSize, queryHeads, headSize } = at.decoder;
  const queries = await addQueriesKeysValues(part, rows, at, format);
  const attended = queries.map((query, head) => attendHead(graph, query, head, at));
  const joined =
    attended.length === 1 ? attended.join() : graph.node('Concat', attended, { axis: { int: 1 } });
  const weights = [`${decoderLayer(at.layer)}.self_attn.o_proj.weight`];
  const layer = { weights, inputs: queryHeads * headSize, outputs: [hiddenSize] };
  return part.linear(joined, layer, format);
}

/** Where in the decoder a piece of graph belongs. */
interface LayerPlace {
  readonly decoder: DecoderArchitecture;
  readonly layer: number;
  readonly step: StepValues;
}

/**
 * One product for queries, keys and values; declares keys and values as outputs and returns the queries of
 * each head group.
 */
async function addQueriesKeysValues(
  part: ModelPart,
  rows: string,
  { decoder, layer, step }: LayerPlace,
  format: MatrixFormat,
): Promise<readonly string[]> {
  const { graph } = part;
  const { queryHeads, keyValueHeads, headSize } = decoder;
  const heads = Array.from({ length: keyValueHeads }, (_, head) => head);
  const keys = heads.map((head) => graphNames.newKey(layer, head));
  const values = heads.map((head) => graphNames.newValue(layer, head));
  const joint = await projectJointly(part, rows, decoder, layer, format);
  const rotated = (queryHeads + keyValueHeads) * headSize;
  const unrotated = `layers.${layer}.unrotated`;
  const valueSizes = heads.map(() => headSize);
  graph.nodeWithOutputs('Split', [joint, graph.integers([rotated, ...valueSizes])], { axis: { int: 1 } }, [
    unrotated,
    ...values,
  ]);
  const turned = rotate(graph, unrotated, rotated, step);
  const group = (queryHeads / keyValueHeads) * headSize;
  const queries = heads.map((head) => `layers.${layer}.queries.${head}`);
  const sizes = graph.integers([...heads.map(() => group), ...valueSizes]);
  graph.nodeWithOutputs('Split', [turned, sizes], { axis: { int: 1 } }, [...queries, ...keys]);
  for (const name of [...keys, ...values]) graph.output(name, 'float32', ['s', headSize]);
  return queries;
}

function projectJointly(
  part: ModelPart,
  rows: string,
  { hiddenSize, queryHeads, keyValueHeads, headSize }: DecoderArchitecture,
  layer: number,
  format: MatrixFormat,
): Promise<string> {
  const prefixes = ['q', 'k', 'v'].map((letter) => `${decoderLayer(layer)}.self_attn.${letter}_proj`);
  return part.linear(
    rows,
    {
      weights: prefixes.map((prefix) => `${prefix}.weight`),
      biases: prefixes.map((prefix) => `${prefix}.bias`),
      inputs: hiddenSize,
      outputs: [queryHeads * headSize, keyValueHeads * headSize, keyValueHeads * headSize],
    },
    format,
  );
}

/** Rotary embedding of [s, width], heads side by side, in the half-split form. */
function rotate(graph: GraphBuilder, rows: string, width: number, step: StepValues): string {
  const batched = graph.node('Unsqueeze', [rows, graph.integers([0])]);
  const turned = graph.node('RotaryEmbedding', [batched, step.firstRow, step.cosines, step.sines]);
  return graph.node('Reshape', [turned, graph.integers([-1, width])]);
}

/**
 * Attention for the queries of one key-value head [s, group * headSize]. Past and new rows meet only in the
 * softmax, so the past is read in place and never copied.
 */
function attendHead(graph: GraphBuilder, query: string, head: number, at: LayerPlace): string {
  const { decoder, layer, step } = at;
  const { headSize } = decoder;
  const pastKeyName = graphNames.pastKey(layer, head);
  // The first past is already declared: the step's lengths are read from it.
  const pastKey =
    layer === 0 && head === 0 ? pastKeyName : graph.input(pastKeyName, 'float32', ['p', headSize]);
  const pastValue = graph.input(graphNames.pastValue(layer, head), 'float32', ['p', headSize]);
  const scaled = { alpha: { float: 1 / Math.sqrt(headSize) }, transB: { int: 1 } };
  const rows = graph.node('Reshape', [query, graph.integers([-1, headSize])]);
  const toPast = graph.node('Gemm', [rows, pastKey], scaled);
  const toNew = graph.node('Gemm', [rows, graphNames.newKey(layer, head), step.mask], scaled);
  const scores = graph.node('Concat', [toPast, toNew], { axis: { int: 1 } });
  const shares = graph.node('Softmax', [scores], { axis: { int: 1 } });
  const parts = [`layers.${layer}.past_shares.${head}`, `layers.${layer}.new_shares.${head}`] as const;
  graph.nodeWithOutputs('Split', [shares, step.lengths], { axis: { int: 1 } }, parts);
  const fromNew = graph.node('Gemm', [parts[1], graphNames.newValue(layer, head)]);
  const fromBoth = graph.node('Gemm', [parts[0], pastValue, fromNew]);
  const width = (decoder.queryHeads / decoder.keyValueHeads) * headSize;
  return graph.node('Reshape', [fromBoth, graph.integers([-1, width])]);
}
