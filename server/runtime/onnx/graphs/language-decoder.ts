import type { Manifest } from '../../folder/manifest.js';
import { cacheShapeOf, cacheSlots } from './cache.js';
import type { CacheShape, CacheSlot, KeyValueCache } from './cache.js';
import { graphNames } from './graph-names.js';
import type { AheadRows, CacheDecoder } from './cache-decoder.js';
import type { Graph, GraphInput, GraphOutputs } from './graph.js';
import type { RunQueue, Urgency } from './run-queue.js';

/** The decoder of our own folders, which has the two heads. */
export class LanguageDecoder implements CacheDecoder {
  readonly mostRows = Infinity;
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
    this.cacheShape = cacheShapeOf(decoder);
    const slots = cacheSlots(this.cacheShape);
    this.#pastNames = slots.map(pastName);
    this.#newNames = slots.map(newName);
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

  /** Returns the hidden state of the last row, [hidden], after the final norm. */
  async appendForLast(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ): Promise<Float32Array> {
    const outputs = await this.#append(cache, embeddings, ['hidden'], refuseIfAborted);
    const hidden = outputs.floats('hidden', embeddings.length);
    return hidden.slice(embeddings.length - this.#hiddenSize);
  }

  /** Appends as {@link append} does; returns the logits of both heads, [s, 2] each. */
  async appendForHeads(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ): Promise<HeadLogits> {
    const outputs = await this.#append(cache, embeddings, ['informative', 'relevance'], refuseIfAborted);
    const length = (embeddings.length / this.#hiddenSize) * 2;
    return {
      informative: outputs.floats('informative', length),
      relevance: outputs.floats('relevance', length),
    };
  }

  async lookAhead(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ): Promise<AheadRows> {
    const outputs = await this.#run(cache, embeddings, ['hidden'], refuseIfAborted);
    return {
      slots: this.#newRows(outputs, embeddings),
      hidden: outputs.floats('hidden', embeddings.length),
    };
  }

  #append(
    cache: KeyValueCache,
    embeddings: Float32Array,
    wanted: readonly DecoderOutput[],
    refuseIfAborted: () => void,
    urgency?: Urgency,
  ): Promise<GraphOutputs> {
    const append = (outputs: GraphOutputs) => {
      cache.append(embeddings.length / this.#hiddenSize, this.#newRows(outputs, embeddings));
    };
    return this.#run(cache, embeddings, wanted, refuseIfAborted, { urgency, append });
  }

  #run(
    cache: KeyValueCache,
    embeddings: Float32Array,
    wanted: readonly DecoderOutput[],
    refuseIfAborted: () => void,
    { urgency, append }: RunOptions = {},
  ): Promise<GraphOutputs> {
    return this.#queue.run(async () => {
      refuseIfAborted();
      const outputs = await this.#graph.run(this.#inputs(cache, embeddings), [...this.#newNames, ...wanted]);
      append?.(outputs);
      return outputs;
    }, urgency);
  }

  #newRows(outputs: GraphOutputs, embeddings: Float32Array): readonly Float32Array[] {
    const length = (embeddings.length / this.#hiddenSize) * this.cacheShape.headSize;
    return this.#newNames.map((name) => outputs.floats(name, length));
  }

  #inputs(cache: KeyValueCache, embeddings: Float32Array): Record<string, GraphInput> {
    const count = embeddings.length / this.#hiddenSize;
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

/** Logits of the two heads, [s, 2] each. */
interface HeadLogits {
  readonly informative: Float32Array;
  readonly relevance: Float32Array;
}

/** How a call waits, and what happens before the next call may begin. */
interface RunOptions {
  readonly urgency?: Urgency | undefined;
  readonly append?: (outputs: GraphOutputs) => void;
}

/** What a decoder call is asked for besides the new cache rows. */
type DecoderOutput = 'hidden' | 'informative' | 'relevance';

function pastName({ part, layer, head }: CacheSlot): string {
  return part === 'key' ? graphNames.pastKey(layer, head) : graphNames.pastValue(layer, head);
}

function newName({ part, layer, head }: CacheSlot): string {
  return part === 'key' ? graphNames.newKey(layer, head) : graphNames.newValue(layer, head);
}
