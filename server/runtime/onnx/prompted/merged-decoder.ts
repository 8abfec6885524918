import { DuetError } from '../../../errors.js';
import type { Manifest } from '../../folder/manifest.js';
import { cacheShapeOf, cacheSlots, type CacheShape, type KeyValueCache } from '../graphs/cache.js';
import type { CacheDecoder } from '../graphs/cache-decoder.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph, GraphInput, GraphOutputs } from '../graphs/graph.js';
import { joinFloats } from '../graphs/join-floats.js';
import type { RunQueue, Urgency } from '../graphs/run-queue.js';
import { exportedNames } from './exported-names.js';

/**
 * An exported `decoder_model_merged`, which has the language head in it and gives past and new rows together.
 * The cache stays ours, so that it can be cut back and evicted from; that copies it once more in each call.
 */
export class MergedDecoder implements CacheDecoder {
  readonly cacheShape: CacheShape;
  readonly mostRows: number;
  readonly #graph: Graph;
  readonly #queue: RunQueue;
  readonly #hiddenSize: number;
  readonly #vocabularySize: number;
  readonly #inputs: ReadonlySet<string>;
  readonly #layerParts: readonly LayerPart[];

  constructor(graph: Graph, decoder: Manifest['decoder'], queue: RunQueue) {
    this.#graph = graph;
    this.#queue = queue;
    this.#hiddenSize = decoder.hiddenSize;
    this.#vocabularySize = decoder.vocabularySize;
    this.#inputs = new Set(graph.inputs);
    this.cacheShape = cacheShapeOf(decoder);
    this.#layerParts = layerParts(this.cacheShape);
    // Logits are computed for every row, wanted or not.
    const rows = Math.floor(mostLogits / decoder.vocabularySize);
    this.mostRows = this.#inputs.has(exportedNames.logitsToKeep) ? Infinity : Math.max(1, rows);
  }

  get isShared(): boolean {
    return this.#queue.isShared;
  }

  async append(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
    urgency?: Urgency,
  ): Promise<void> {
    await this.#append(cache, embeddings, [], refuseIfAborted, urgency);
  }

  /** Returns the logits of the last row, [vocabulary]. */
  async appendForLast(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ): Promise<Float32Array> {
    const outputs = await this.#append(cache, embeddings, [graphNames.logits], refuseIfAborted);
    const rows = this.#inputs.has(exportedNames.logitsToKeep) ? 1 : embeddings.length / this.#hiddenSize;
    const logits = outputs.floats(graphNames.logits, rows * this.#vocabularySize);
    return logits.slice(logits.length - this.#vocabularySize);
  }

  #append(
    cache: KeyValueCache,
    embeddings: Float32Array,
    wanted: readonly string[],
    refuseIfAborted: () => void,
    urgency: Urgency = 'prompt',
  ): Promise<GraphOutputs> {
    const count = embeddings.length / this.#hiddenSize;
    return this.#queue.run(async () => {
      refuseIfAborted();
      this.#requirePositions(cache);
      const presents = this.#layerParts.map(({ layer, part }) => exportedNames.present(layer, part));
      const outputs = await this.#graph.run(this.#feeds(cache, embeddings, count), [...presents, ...wanted]);
      cache.append(count, this.#newRows(outputs, cache.length, count));
      return outputs;
    }, urgency);
  }

  #feeds(cache: KeyValueCache, embeddings: Float32Array, count: number): Record<string, GraphInput> {
    const { length } = cache;
    const { keyValueHeads, headSize } = this.cacheShape;
    const feeds: Record<string, GraphInput> = {
      [graphNames.inputsEmbeds]: { data: embeddings, shape: [1, count, this.#hiddenSize] },
      [exportedNames.attentionMask]: {
        data: new BigInt64Array(length + count).fill(1n),
        shape: [1, length + count],
      },
    };
    for (const { layer, part, slots } of this.#layerParts) {
      const data = joinFloats(slots.map((slot) => cache.rows(slot)));
      feeds[exportedNames.past(layer, part)] = { data, shape: [1, keyValueHeads, length, headSize] };
    }
    const optional: Readonly<Record<string, GraphInput>> = {
      [exportedNames.positionIds]: {
        data: BigInt64Array.from({ length: count }, (_, index) => BigInt(cache.nextPosition + index)),
        shape: [1, count],
      },
      [exportedNames.useCacheBranch]: { data: Uint8Array.of(length > 0 ? 1 : 0), shape: [1] },
      [exportedNames.logitsToKeep]: { data: BigInt64Array.of(1n), shape: [] },
    };
    for (const [name, input] of Object.entries(optional)) if (this.#inputs.has(name)) feeds[name] = input;
    return feeds;
  }

  /** The new rows of each slot of the cache, out of [1, heads, past + count, headSize]. */
  #newRows(outputs: GraphOutputs, past: number, count: number): Float32Array[] {
    const { keyValueHeads, headSize } = this.cacheShape;
    const total = past + count;
    const rows: Float32Array[] = [];
    for (const { layer, part, slots } of this.#layerParts) {
      const all = outputs.floats(exportedNames.present(layer, part), keyValueHeads * total * headSize);
      slots.forEach((slot, head) => {
        rows[slot] = all.subarray((head * total + past) * headSize, (head + 1) * total * headSize);
      });
    }
    return rows;
  }

  /** Throws 'unsupported' if rows are no longer where they were appended and the graph cannot be told. */
  #requirePositions({ length, nextPosition }: KeyValueCache): void {
    if (length === nextPosition || this.#inputs.has(exportedNames.positionIds)) return;
    throw new DuetError(
      'unsupported',
      'the exported decoder takes no position_ids, so it cannot leave gaps where frames were forgotten; ' +
        'use --positions contiguous',
    );
  }
}

/** Keys or values of one layer. */
interface LayerPart {
  readonly layer: number;
  readonly part: 'key' | 'value';
  readonly slots: readonly number[];
}

/** The tensors of a cache, and which slots of ours each holds, head by head. */
function layerParts(shape: CacheShape): LayerPart[] {
  const slots = [...cacheSlots(shape).entries()];
  return Array.from({ length: shape.layers }, (_, layer) => layer).flatMap((layer) =>
    (['key', 'value'] as const).map((part) => ({
      ...{ layer, part },
      slots: slots.filter(([, slot]) => slot.layer === layer && slot.part === part).map(([index]) => index),
    })),
  );
}

/** Most logits that one call computes: 64 MB. */
const mostLogits = 16 * 2 ** 20;
