import { join } from 'node:path';
import type { BuildReport } from '../../../server/builder/build-options.js';
import { graphNames } from '../../../server/runtime/onnx/graphs/graph-names.js';
import { integerProductsOverflow } from '../../../server/runtime/onnx/graphs/integer-products.js';
import { onnx, type Onnx } from '../../../server/runtime/onnx/graphs/onnx-runtime.js';

/** The float32 outputs of one run, by name. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** Loads one graph of a built model. */
export async function loadGraph(report: BuildReport, name: string): Promise<Onnx.InferenceSession> {
  const x64quantprecision = (await integerProductsOverflow()) ? '1' : '0';
  const extra = { session: { x64quantprecision } };
  return onnx.InferenceSession.create(join(report.output, `${name}.onnx`), { intraOpNumThreads: 1, extra });
}

/** Runs a graph whose outputs are all float32. */
export async function run(
  session: Onnx.InferenceSession,
  feeds: Record<string, Onnx.Tensor>,
): Promise<Outputs> {
  const results = await session.run(feeds);
  return Object.fromEntries(
    Object.entries(results).map(([name, tensor]) => {
      if (!(tensor.data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      return [name, tensor.data];
    }),
  );
}

/** A float32 tensor. */
export function floats(values: Float32Array, dimensions: readonly number[]): Onnx.Tensor {
  return new onnx.Tensor('float32', values, dimensions);
}

/** A vector of int64. */
export function integers(values: ArrayLike<number>): Onnx.Tensor {
  return new onnx.Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), [values.length]);
}

/**
 * Feeds a decoder piece by piece, keeping its caches; gives the outputs of all pieces one after the other.
 */
export async function feedDecoder(
  session: Onnx.InferenceSession,
  { decoder }: BuildReport['manifest'],
  embeds: Float32Array,
  pieces: readonly number[],
): Promise<{ hidden: number[]; informative: number[]; relevance: number[] }> {
  const { hiddenSize, headSize } = decoder;
  const caches = new Map<string, Float32Array>();
  const gathered = { hidden: [] as number[], informative: [] as number[], relevance: [] as number[] };
  let past = 0;
  for (const length of pieces) {
    const feeds: Record<string, Onnx.Tensor> = {
      [graphNames.inputsEmbeds]: floats(embeds.slice(past * hiddenSize, (past + length) * hiddenSize), [
        length,
        hiddenSize,
      ]),
      [graphNames.positionIds]: integers(Array.from({ length }, (_, i) => past + i)),
    };
    for (const [pastName] of cacheNames(decoder)) {
      feeds[pastName] = floats(caches.get(pastName) ?? new Float32Array(0), [past, headSize]);
    }
    const outputs = await run(session, feeds);
    for (const [pastName, newName] of cacheNames(decoder)) {
      caches.set(pastName, joined(caches.get(pastName), outputs[newName]));
    }
    for (const name of ['hidden', 'informative', 'relevance'] as const) {
      gathered[name].push(...(outputs[graphNames[name]] ?? []));
    }
    past += length;
  }
  return gathered;
}

/** Pairs of past and new names of all caches. */
function cacheNames(decoder: BuildReport['manifest']['decoder']): [string, string][] {
  const names: [string, string][] = [];
  for (let layer = 0; layer < decoder.layers; layer++) {
    for (let head = 0; head < decoder.keyValueHeads; head++) {
      names.push([graphNames.pastKey(layer, head), graphNames.newKey(layer, head)]);
      names.push([graphNames.pastValue(layer, head), graphNames.newValue(layer, head)]);
    }
  }
  return names;
}

function joined(before: Float32Array | undefined, after: Float32Array | undefined): Float32Array {
  return Float32Array.from([...(before ?? []), ...(after ?? [])]);
}
