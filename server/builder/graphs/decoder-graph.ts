import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DecoderArchitecture } from '../checkpoint/architecture.js';
import { addAttention } from './decoder-attention.js';
import { addStepValues } from './decoder-step.js';
import type { StepValues } from './decoder-step.js';
import type { ModelPart } from './model-part.js';
import type { MatrixFormat } from '../weights/stored-matrix.js';
import { decoderLayer, finalNorm, informativeHead, relevanceHead } from '../checkpoint/tensor-names.js';

/**
 * The Qwen2 decoder with MMDuet's two heads. Its inputs are embeddings and the past of each key-value head;
 * its outputs are the new rows only.
 */
export async function addDecoderGraph(
  part: ModelPart,
  decoder: DecoderArchitecture,
  format: MatrixFormat,
): Promise<void> {
  const { graph } = part;
  const { hiddenSize } = decoder;
  let rows: Residual = { sum: graph.input(graphNames.inputsEmbeds, 'float32', ['s', hiddenSize]) };
  const step = addStepValues(graph, decoder);
  for (let layer = 0; layer < decoder.layers; layer++) {
    rows = await decoderLayerRows(part, rows, { decoder, layer, step }, format);
  }
  const { normed } = await rootMeanSquareNorm(part, rows, finalNorm, decoder, graphNames.hidden);
  graph.output(graphNames.hidden, 'float32', ['s', hiddenSize]);
  // The heads decide when to speak and are tiny, so they are never quantised.
  const heads = [
    [informativeHead, graphNames.informative],
    [relevanceHead, graphNames.relevance],
  ] as const;
  for (const [weights, output] of heads) {
    await part.linear(normed, { weights: [weights], inputs: hiddenSize, outputs: [2] }, 'fp32', output);
    graph.output(output, 'float32', ['s', 2]);
  }
}

/** Rows and a residual still to be added to them: the next norm adds it. */
interface Residual {
  readonly sum: string;
  readonly delta?: string;
}

async function decoderLayerRows(
  part: ModelPart,
  rows: Residual,
  at: { readonly decoder: DecoderArchitecture; readonly layer: number; readonly step: StepValues },
  format: MatrixFormat,
): Promise<Residual> {
  const { decoder } = at;
  const prefix = decoderLayer(at.layer);
  const before = await rootMeanSquareNorm(part, rows, `${prefix}.input_layernorm.weight`, decoder);
  const attention = await addAttention(part, before.normed, at, format);
  const between = { sum: before.sum, delta: attention };
  const middle = await rootMeanSquareNorm(
    part,
    between,
    `${prefix}.post_attention_layernorm.weight`,
    decoder,
  );
  return { sum: middle.sum, delta: await gatedMlp(part, middle.normed, prefix, decoder, format) };
}

/** down(silu(gate(x)) * up(x)); QuickGelu with alpha 1 is silu. */
async function gatedMlp(
  part: ModelPart,
  rows: string,
  prefix: string,
  { hiddenSize, mlpSize }: DecoderArchitecture,
  format: MatrixFormat,
): Promise<string> {
  const sizes = { inputs: hiddenSize, outputs: [mlpSize] };
  const gate = await part.linear(rows, { weights: [`${prefix}.mlp.gate_proj.weight`], ...sizes }, format);
  const up = await part.linear(rows, { weights: [`${prefix}.mlp.up_proj.weight`], ...sizes }, format);
  const bent = part.graph.node('QuickGelu', [gate], { alpha: { float: 1 } });
  const gated = part.graph.node('Mul', [bent, up]);
  const down = { weights: [`${prefix}.mlp.down_proj.weight`], inputs: mlpSize, outputs: [hiddenSize] };
  return part.linear(gated, down, format);
}

/** Adds the pending residual and normalises. */
async function rootMeanSquareNorm(
  part: ModelPart,
  rows: Residual,
  name: string,
  { hiddenSize, normEpsilon }: DecoderArchitecture,
  output = `${name}.normed`,
): Promise<{ normed: string; sum: string }> {
  const weight = await part.parameter([name], [[hiddenSize]]);
  const epsilon = { float: normEpsilon };
  if (rows.delta === undefined) {
    const attributes = { axis: { int: -1 }, epsilon };
    part.graph.node('SimplifiedLayerNormalization', [rows.sum, weight], attributes, output);
    return { normed: output, sum: rows.sum };
  }
  const sum = `${name}.sum`;
  const inputs = [rows.sum, rows.delta, weight];
  part.graph.nodeWithOutputs('SkipSimplifiedLayerNormalization', inputs, { epsilon }, [output, '', '', sum]);
  return { normed: output, sum };
}
