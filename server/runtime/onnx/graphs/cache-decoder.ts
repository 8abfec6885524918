import type { CacheShape, KeyValueCache } from './cache.js';
import type { Urgency } from './run-queue.js';

/** Appends embeddings to a context's cache. Holds no state of any context. */
export interface CacheDecoder {
  readonly cacheShape: CacheShape;
  /** Whether other contexts work in real time just now, so that calls should be kept short. */
  readonly isShared: boolean;
  /** Most rows that one call should take. */
  readonly mostRows: number;
  /**
   * Feeds `embeddings` [s, hidden] after the contents of `cache` and appends their rows to it. If it throws, the
   * cache is unchanged.
   */
  append(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
    urgency?: Urgency,
  ): Promise<void>;
  /** The same, and returns what the vocabulary makes logits of, for the last row. */
  appendForLast(
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ): Promise<Float32Array>;
}
