import type { Manifest } from '../../folder/manifest.js';
import { cacheSlots } from './cache.js';
import type { CacheShape, CacheSlot, KeyValueCache } from './cache.js';
import { graphNames } from './graph-names.js';
import type { Graph, GraphInput, GraphOutputs } from './graph.js';
import type { RunQueue, Urgency } from './run-queue.js';

/** Appends embeddings to a context's cache. Holds no state of any context. */
export class LanguageDecoder {
  readonly cacheShape: CacheShape;
  readonly #graph: Graph;
  readonly #queue: RunQueue;
  readonly #hiddenSize: number;
  readonly #pastNames: readonly string[];
  readonly #newNames: readonly string[];

  constructor(graph: Graph, decoder: Manifest['decoder'], queue: RunQueue) {
    this.#graph = graph;
    this.#queue = queue;
    this.#hiddenSize = decoder.hiddenSize;
    this.cacheShape = {
      layers: decoder.layers,
      keyValueHeads: decoder.keyValueHeads,
      headSize: decoder.headSize,
      ropeTheta: decoder.ropeTheta,
      maxRows: decoder.maxContext,
    };
    const slots = cacheSlots(this.cacheShape);
    this.#pastNames = slots.map(pastName);
    this.#newNames = slots.map(newName);
  }

  /** Whether other contexts work in real time just now, so that calls should be kept short. */
  get isShared(): boolean {
    return this.#queue.isShared;
  }

  /**
   * Feeds `embeddings` [s, hidden] after the contents of `cache` and appends their rows to it. Returns the
   * outputs asked for: `hidden` [s, hidden] after the final norm, `informative` and `relevance` [s, 2]
   * logits. If it throws, the cache is unchanged.
   */
  append(
    cache: KeyValueCache,
    embeddings: Float32Array,
    wanted: readonly DecoderOutput[],
    refuseIfAborted: () => void,
    urgency: Urgency = 'prompt',
  ): Promise<GraphOutputs> {
    const count = embeddings.length / this.#hiddenSize;
    const { headSize } = this.cacheShape;
    return this.#queue.run(async () => {
      refuseIfAborted();
      const outputs = await this.#graph.run(this.#inputs(cache, embeddings, count), [
        ...this.#newNames,
        ...wanted,
      ]);
      const rows = this.#newNames.map((name) => outputs.floats(name, count * headSize));
      cache.append(count, rows);
      return outputs;
    }, urgency);
  }

  #inputs(cache: KeyValueCache, embeddings: Float32Array, count: number): Record<string, GraphInput> {
    const inputs: Record<string, GraphInput> = {
      [graphNames.inputsEmbeds]: { data: embeddings, shape: [count, this.#hiddenSize] },
      [graphNames.positionIds]: {
        data: BigInt64Array.from({ length: count }, (_, index) => BigInt(cache.nextPosition + index)),
        shape: [count],
      },
    };
    const shape = [cache.length, this.cacheShape.headSize];
    this.#pastNames.forEach((name, slot) => {
      inputs[name] = { data: cache.rows(slot), shape };
    });
    return inputs;
  }
}

/** What a decoder call is asked for besides the new cache rows. */
type DecoderOutput = 'hidden' | 'informative' | 'relevance';

function pastName({ part, layer, head }: CacheSlot): string {
  return part === 'key' ? graphNames.pastKey(layer, head) : graphNames.pastValue(layer, head);
}

function newName({ part, layer, head }: CacheSlot): string {
  return part === 'key' ? graphNames.newKey(layer, head) : graphNames.newValue(layer, head);
}
