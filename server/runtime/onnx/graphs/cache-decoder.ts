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
   * Feeds `embeddings` [s, hidden] after the contents of `cache` and appends their rows to it. If it throws,
   * the cache is unchanged.
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
  /**
   * What appending `embeddings` [s, hidden] would give, without appending anything. Absent where a decoder
   * cannot give more than the last row.
   */
  readonly lookAhead?: (
    cache: KeyValueCache,
    embeddings: Float32Array,
    refuseIfAborted: () => void,
  ) => Promise<AheadRows>;
}

/** Rows that were computed and belong to no cache yet. */
export interface AheadRows {
  /** The new rows of each slot of the cache, [s, headSize] each. */
  readonly slots: readonly Float32Array[];
  /** What the vocabulary makes logits of, [s, hidden]. */
  readonly hidden: Float32Array;
}
