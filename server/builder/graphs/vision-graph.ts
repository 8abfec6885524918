import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DecoderArchitecture, SiglipTower, VisionArchitecture } from '../checkpoint/architecture.js';
import type { ModelPart } from './model-part.js';
import { poolingMatrix } from './pooling-matrix.js';
import type { MatrixFormat } from '../weights/stored-matrix.js';
import { projectorLinear, visionEmbeddings, visionLayer } from '../checkpoint/tensor-names.js';

/**
 * Pictures to frame embeddings: SigLIP without post layer norm, LLaVA's two-layer projector, pooling. Inside
 * the tower, the patches of all frames are rows of one matrix.
 */
export async function addVisionGraph(
  part: ModelPart,
  { vision, pooling, decoder }: SiglipParts,
  format: MatrixFormat,
): Promise<void> {
  const { graph } = part;
  const pixels = graph.input(graphNames.pixelValues, 'float32', ['frames', 3, vision.side, vision.side]);
  let rows: Residual = { sum: await patchRows(part, pixels, vision) };
  for (let layer = 0; layer < vision.keptLayers; layer++) {
    rows = await visionLayerRows(part, rows, vision, layer, format);
  }
  const features = rows.delta === undefined ? rows.sum : graph.node('Add', [rows.sum, rows.delta]);
  await addProjector(part, features, { vision, pooling, decoder }, format);
  const tokens = pooling.side * pooling.side;
  graph.output(graphNames.frameEmbeds, 'float32', ['frames', tokens, decoder.hiddenSize]);
}

interface SiglipParts extends Omit<SiglipTower, 'type'> {
  readonly decoder: DecoderArchitecture;
}

/** Rows and a residual still to be added to them: the next layer norm adds it. */
interface Residual {
  readonly sum: string;
  readonly delta?: string;
}

/** Cuts pictures into patches and adds the learned positions: [frames * patches, hidden]. */
async function patchRows(part: ModelPart, pixels: string, vision: VisionArchitecture): Promise<string> {
  const { graph } = part;
  const { hiddenSize, patch, grid } = vision;
  const weight = await part.parameter([visionEmbeddings.patchWeight], [[hiddenSize, 3, patch, patch]]);
  const bias = await part.parameter([visionEmbeddings.patchBias], [[hiddenSize]]);
  const squares = graph.node('Conv', [pixels, weight, bias], {
    kernel_shape: { ints: [patch, patch] },
    strides: { ints: [patch, patch] },
  });
  const channels = graph.node('Reshape', [squares, graph.integers([0, hiddenSize, -1])]);
  const patches = graph.node('Transpose', [channels], { perm: { ints: [0, 2, 1] } });
  const positions = await part.parameter([visionEmbeddings.positions], [[grid * grid, hiddenSize]]);
  const placed = graph.node('Add', [patches, positions]);
  return graph.node('Reshape', [placed, graph.integers([-1, hiddenSize])]);
}

async function visionLayerRows(
  part: ModelPart,
  rows: Residual,
  vision: VisionArchitecture,
  layer: number,
  format: MatrixFormat,
): Promise<Residual> {
  const prefix = visionLayer(layer);
  const { graph } = part;
  const attended = await layerNorm(part, rows, `${prefix}.layer_norm1`, vision);
  const attention = await visionAttention(part, attended.normed, prefix, vision, format);
  const middle = await layerNorm(
    part,
    { sum: attended.sum, delta: attention },
    `${prefix}.layer_norm2`,
    vision,
  );
  const sizes = { inputs: vision.hiddenSize, outputs: [vision.mlpSize] };
  const wide = await part.linear(middle.normed, { ...named(`${prefix}.mlp.fc1`), ...sizes }, format);
  const bent = graph.node('FastGelu', [wide]);
  const back = { inputs: vision.mlpSize, outputs: [vision.hiddenSize] };
  return {
    sum: middle.sum,
    delta: await part.linear(bent, { ...named(`${prefix}.mlp.fc2`), ...back }, format),
  };
}

/** Adds the pending residual and normalises. */
async function layerNorm(
  part: ModelPart,
  rows: Residual,
  prefix: string,
  { hiddenSize, normEpsilon }: VisionArchitecture,
): Promise<{ normed: string; sum: string }> {
  const weight = await part.parameter([`${prefix}.weight`], [[hiddenSize]]);
  const bias = await part.parameter([`${prefix}.bias`], [[hiddenSize]]);
  // Quicker in two nodes than in SkipLayerNormalization, which onnxruntime does not vectorise.
  const sum = rows.delta === undefined ? rows.sum : part.graph.node('Add', [rows.sum, rows.delta]);
  const attributes = { axis: { int: -1 }, epsilon: { float: normEpsilon } };
  return { normed: part.graph.node('LayerNormalization', [sum, weight, bias], attributes), sum };
}

/** Full attention among the patches of each frame. */
async function visionAttention(
  part: ModelPart,
  rows: string,
  prefix: string,
  { hiddenSize, heads, grid }: VisionArchitecture,
  format: MatrixFormat,
): Promise<string> {
  const { graph } = part;
  const stacked = ['q', 'k', 'v'].map((letter) => `${prefix}.self_attn.${letter}_proj`);
  const joint = await part.linear(
    rows,
    { ...namedAll(stacked), inputs: hiddenSize, outputs: [hiddenSize, hiddenSize, hiddenSize] },
    format,
  );
  const perFrame = graph.node('Reshape', [joint, graph.integers([-1, grid * grid, 3 * hiddenSize])]);
  const split = ['query', 'key', 'value'].map((name) => `${prefix}.${name}`);
  const sizes = graph.integers([hiddenSize, hiddenSize, hiddenSize]);
  graph.nodeWithOutputs('Split', [perFrame, sizes], { axis: { int: 2 } }, split);
  const attended = graph.node('MultiHeadAttention', split, { num_heads: { int: heads } });
  const flat = graph.node('Reshape', [attended, graph.integers([-1, hiddenSize])]);
  const output = { ...named(`${prefix}.self_attn.out_proj`), inputs: hiddenSize, outputs: [hiddenSize] };
  return part.linear(flat, output, format);
}

/**
 * Projector and pooling. Pooling with weights that sum to 1 commutes with the second linear layer, so it
 * comes first and that layer sees far fewer rows; the maximum does not commute.
 */
async function addProjector(
  part: ModelPart,
  features: string,
  { vision, pooling, decoder }: SiglipParts,
  format: MatrixFormat,
): Promise<void> {
  const { graph } = part;
  const { hiddenSize } = decoder;
  const first = { ...named(projectorLinear(0)), inputs: vision.hiddenSize, outputs: [hiddenSize] };
  const bent = graph.node('Gelu', [await part.linear(features, first, format)]);
  const second = { ...named(projectorLinear(2)), inputs: hiddenSize, outputs: [hiddenSize] };
  const tokens = pooling.side * pooling.side;
  if (pooling.mode === 'max') {
    addMaximumPooling(part, await part.linear(bent, second, format), { vision, pooling, decoder });
    return;
  }
  const patches = vision.grid * vision.grid;
  const perFrame = graph.node('Reshape', [bent, graph.integers([-1, patches, hiddenSize])]);
  const matrix = graph.floats('pooling', poolingMatrix(vision.grid, pooling), [tokens, patches]);
  const pooled = graph.node('MatMul', [matrix, perFrame]);
  const flat = graph.node('Reshape', [pooled, graph.integers([-1, hiddenSize])]);
  const projected = await part.linear(flat, second, format);
  const shape = graph.integers([-1, tokens, hiddenSize]);
  graph.node('Reshape', [projected, shape], {}, graphNames.frameEmbeds);
}

function addMaximumPooling(part: ModelPart, rows: string, { vision, pooling, decoder }: SiglipParts): void {
  const { graph } = part;
  const { hiddenSize } = decoder;
  const square = graph.integers([-1, vision.grid, vision.grid, hiddenSize]);
  const channelsLast = graph.node('Reshape', [rows, square]);
  const channelsFirst = graph.node('Transpose', [channelsLast], { perm: { ints: [0, 3, 1, 2] } });
  const window = { ints: [pooling.stride, pooling.stride] };
  const pooled = graph.node('MaxPool', [channelsFirst], { kernel_shape: window, strides: window });
  const flat = graph.node('Reshape', [pooled, graph.integers([0, hiddenSize, -1])]);
  graph.node('Transpose', [flat], { perm: { ints: [0, 2, 1] } }, graphNames.frameEmbeds);
}

function named(prefix: string) {
  return namedAll([prefix]);
}

function namedAll(prefixes: readonly string[]) {
  return {
    weights: prefixes.map((prefix) => `${prefix}.weight`),
    biases: prefixes.map((prefix) => `${prefix}.bias`),
  };
}
