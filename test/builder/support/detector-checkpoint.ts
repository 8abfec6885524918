import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../../../server/package-folder.js';
import { GraphBuilder } from '../../../server/builder/graphs/graph-builder.js';
import { changeConfig, changeTensors } from './checkpoint-copy.js';
import { fixtureFolder } from './parity-fixture.js';

/** Side in pixels of the pictures that {@link writeDetectorCheckpoint} takes: four cells of four pixels. */
export const detectorSide = 16;

/**
 * Writes a checkpoint with a detector as tower: the decoder of the fixture `grid`, a small real detector
 * (each of 4 x 4 cells is a thing as sure as it is bright, of the class of its number), and random layers for
 * the tokens. `grounded`: its replies are kept to the sentences of duet-sight.
 */
export async function writeDetectorCheckpoint(folder: string, grounded = false): Promise<void> {
  await cp(fixtureFolder('grid'), folder, { recursive: true });
  await changeTensors(join(folder, 'model.safetensors'), (tensors) =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => !/vision_tower|mm_projector/.test(name))),
  );
  const tower = {
    type: 'detector',
    association: 1,
    picture_side: detectorSide,
    tokens_per_frame: tokensPerFrame,
    ...(grounded ? { grounded } : {}),
  };
  await changeConfig(folder, { vision_config: undefined, mm_hidden_size: undefined, duet_tower: tower });
  await writeFile(join(folder, 'vision.onnx'), brightCells());
  await writeFile(join(folder, 'tokens.onnx'), randomTokens(2));
  if (grounded)
    await cp(join(packageFolder, 'models/duet-sight/sentences.json'), join(folder, 'sentences.json'));
}

const tokensPerFrame = 2;
const hiddenSize = 64;

/** Pictures to the detections of their bright cells, and their scene. */
function brightCells(): Uint8Array {
  const graph = new GraphBuilder('vision');
  const pixels = graph.input('pixel_values', 'float32', ['n', 3, detectorSide, detectorSide]);
  const half = graph.floats('half', Float32Array.of(0.5), []);
  const unit = graph.node('Add', [graph.node('Mul', [pixels, half]), half]);
  const square = { ints: [4, 4] };
  const means = graph.node('AveragePool', [unit], { kernel_shape: square, strides: square });
  const rows = graph.node('Transpose', [means], { perm: { ints: [0, 2, 3, 1] } });
  const colours = graph.node('Reshape', [rows, graph.integers([-1, 16, 3])]);
  const score = graph.node('ReduceMean', [colours], { axes: { ints: [2] }, keepdims: { int: 1 } });
  const nothing = graph.node('Mul', [score, graph.floats('zero', Float32Array.of(0), [])]);
  const boxes = graph.node('Add', [nothing, graph.floats('boxes', cellBoxes(), [1, 16, 4])]);
  const classes = graph.node('Mul', [score, graph.floats('classes', cellClasses(), [1, 16, 80])]);
  graph.node('Concat', [boxes, score, colours, classes], { axis: { int: 2 } }, 'detections');
  const grid = graph.node('Reshape', [colours, graph.integers([-1, 48])]);
  const light = graph.node('ReduceMean', [grid], { axes: { ints: [1] }, keepdims: { int: 1 } });
  graph.node('Concat', [grid, light, light], { axis: { int: 1 } }, 'scene');
  graph.output('detections', 'float32', ['n', 16, 88]);
  graph.output('scene', 'float32', ['n', 50]);
  return graph.encode();
}

function cellBoxes(): Float32Array {
  const boxes = Array.from({ length: 16 }, (_, cell) => {
    const [x, y] = [(cell % 4) / 4, Math.floor(cell / 4) / 4];
    return [x, y, x + 0.25, y + 0.25];
  });
  return Float32Array.from(boxes.flat());
}

function cellClasses(): Float32Array {
  return Float32Array.from({ length: 16 * 80 }, (_, index) =>
    index % 80 === Math.floor(index / 80) ? 1 : 0,
  );
}

/** One random layer from what is known of the slots and the scene to `tokens` tokens. */
export function randomTokens(tokens: number): Uint8Array {
  const graph = new GraphBuilder('tokens');
  const slots = graph.input('slots', 'float32', ['n', 12, 133]);
  const scene = graph.input('scene', 'float32', ['n', 8]);
  const flat = graph.node('Reshape', [slots, graph.integers([-1, 12 * 133])]);
  const all = graph.node('Concat', [flat, scene], { axis: { int: 1 } });
  const inputs = 12 * 133 + 8;
  const weights = graph.floats('weights', noise(inputs * tokens * hiddenSize), [inputs, tokens * hiddenSize]);
  const product = graph.node('MatMul', [all, weights]);
  graph.node('Reshape', [product, graph.integers([-1, tokens, hiddenSize])], {}, 'frame_embeds');
  graph.output('frame_embeds', 'float32', ['n', tokens, hiddenSize]);
  return graph.encode();
}

/** Repeatable numbers around zero. */
function noise(length: number): Float32Array {
  let state = 12345;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x7fffffff - 0.5) * 0.2;
  });
}
