import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphNames } from '../runtime/onnx/graphs/graph-names.js';
import { Graph } from '../runtime/onnx/graphs/graph.js';
import { readCheckpointConfig } from './checkpoint/checkpoint-config.js';
import type { WeightSource } from './checkpoint/weight-source.js';
import { ModelPart } from './graphs/model-part.js';

/**
 * Whether this machine multiplies faster in int8 than in fp32, and how many times, measured with a matrix of
 * the sizes of the checkpoint's decoder. Processors without integer dot products gain little or nothing.
 * Throws what reading `config.json` throws.
 */
export async function fastestPrecision(
  checkpoint: string,
): Promise<{ readonly precision: 'fp32' | 'int8'; readonly timesFaster: number }> {
  const { architecture } = await readCheckpointConfig(join(checkpoint, 'config.json'));
  const { hiddenSize, mlpSize } = architecture.decoder;
  const outputs = Math.min(mlpSize, Math.ceil(mostWeights / hiddenSize));
  const folder = await mkdtemp(join(tmpdir(), 'duet-precision-'));
  try {
    await using fp32 = await Product.open(folder, 'fp32', hiddenSize, outputs);
    await using int8 = await Product.open(folder, 'int8', hiddenSize, outputs);
    const best = { fp32: Infinity, int8: Infinity };
    // They take turns, so that whatever else the machine does slows both.
    for (let round = 0; round < rounds; round++) {
      best.fp32 = Math.min(best.fp32, await fp32.milliseconds());
      best.int8 = Math.min(best.int8, await int8.milliseconds());
    }
    const timesFaster = best.fp32 / best.int8;
    return { precision: timesFaster > worthwhile ? 'int8' : 'fp32', timesFaster };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const mostWeights = 4_194_304;
/** Fewer products than this would be lost in what a call costs otherwise. */
const leastProducts = 100_000_000;
const rounds = 20;

/** What int8 must gain to be worth its rounding. */
const worthwhile = 1.1;

/** One product with made-up weights, ready to be timed. */
class Product implements AsyncDisposable {
  readonly #graph: Graph;
  readonly #input: Float32Array;
  readonly #shape: readonly [rows: number, inputs: number];

  private constructor(graph: Graph, inputs: number, outputs: number) {
    this.#graph = graph;
    this.#shape = [Math.ceil(leastProducts / inputs / outputs), inputs];
    this.#input = madeUp(0, this.#shape[0] * inputs);
  }

  static async open(
    folder: string,
    precision: 'fp32' | 'int8',
    inputs: number,
    outputs: number,
  ): Promise<Product> {
    const shape = [outputs, inputs];
    const source: WeightSource = {
      names: new Set(['weights']),
      shape: () => shape,
      type: () => 'F32',
      read: (_, start, count) => Promise.resolve(madeUp(start, count)),
    };
    await using part = await ModelPart.begin(folder, precision, source, {});
    const input = part.graph.input(graphNames.hidden, 'float32', ['n', inputs]);
    const layer = { weights: ['weights'], inputs, outputs: [outputs] };
    await part.linear(input, layer, precision, graphNames.logits);
    part.graph.output(graphNames.logits, 'float32', ['n', outputs]);
    await part.finish();
    const options = { threads: 1 };
    return new Product(await Graph.load(join(folder, `${precision}.onnx`), options), inputs, outputs);
  }

  async milliseconds(): Promise<number> {
    const begun = performance.now();
    const input = { data: this.#input, shape: this.#shape };
    await this.#graph.run({ [graphNames.hidden]: input }, [graphNames.logits]);
    return performance.now() - begun;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#graph[Symbol.asyncDispose]();
  }
}

function madeUp(start: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(start + index));
}
