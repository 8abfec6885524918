import { DuetError } from '../../../errors.js';

/**
 * The key-value cache of one context: one array per slot, grown by doubling. Cutting back only sets the
 * length; the rows beyond it are overwritten later.
 */
export class KeyValueCache {
  readonly shape: CacheShape;
  readonly #arrays: Float32Array[];
  #capacity: number;
  #length = 0;

  constructor(shape: CacheShape) {
    this.shape = shape;
    this.#capacity = Math.min(firstCapacity, shape.maxRows);
    const slots = shape.layers * shape.keyValueHeads * 2;
    this.#arrays = Array.from({ length: slots }, () =>
      allocate(this.#capacity * shape.headSize, this.#capacity),
    );
  }

  /** Rows held. */
  get length(): number {
    return this.#length;
  }

  /** The rows of one slot, as a view that is valid until the next append. */
  rows(slot: number): Float32Array {
    return this.#array(slot).subarray(0, this.#length * this.shape.headSize);
  }

  /**
   * Appends `count` rows to every slot; `rows` holds each slot's new rows. Throws 'context_full' and changes
   * nothing when there is no room.
   */
  append(count: number, rows: readonly Float32Array[]): void {
    const length = this.#length + count;
    if (length > this.shape.maxRows) {
      throw new DuetError(
        'context_full',
        `${count} more tokens do not fit: ${this.#length} of ${this.shape.maxRows} are used; ` +
          'cut the context back or open a new one',
      );
    }
    this.#grow(length);
    const offset = this.#length * this.shape.headSize;
    rows.forEach((ofSlot, slot) => {
      this.#array(slot).set(ofSlot, offset);
    });
    this.#length = length;
  }

  /** Forgets every row from `length` on. */
  cutBackTo(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new DuetError('internal', `a cache of ${this.#length} rows cannot be cut back to ${length}`);
    }
    this.#length = length;
  }

  #array(slot: number): Float32Array {
    const array = this.#arrays[slot];
    if (array === undefined) throw new DuetError('internal', `the cache has no slot ${slot}`);
    return array;
  }

  #grow(length: number): void {
    if (length <= this.#capacity) return;
    const capacity = Math.min(Math.max(length, this.#capacity * 2), this.shape.maxRows);
    const used = this.#length * this.shape.headSize;
    // One array at a time, so that only one exists twice.
    for (let slot = 0; slot < this.#arrays.length; slot++) {
      const grown = allocate(capacity * this.shape.headSize, capacity);
      grown.set(this.#array(slot).subarray(0, used));
      this.#arrays[slot] = grown;
    }
    this.#capacity = capacity;
  }
}

/** The sizes of a decoder's key-value cache. */
export interface CacheShape {
  readonly layers: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Most rows (tokens) a cache may hold. */
  readonly maxRows: number;
}

/** The keys or values of one layer and key-value head: rows of `headSize` in the order of the tokens. */
export interface CacheSlot {
  readonly part: 'key' | 'value';
  readonly layer: number;
  readonly head: number;
}

/** Every slot of a cache in its fixed order: layer by layer, head by head, key before value. */
export function cacheSlots(shape: CacheShape): readonly CacheSlot[] {
  const slots: CacheSlot[] = [];
  for (let layer = 0; layer < shape.layers; layer++) {
    for (let head = 0; head < shape.keyValueHeads; head++) {
      slots.push({ part: 'key', layer, head }, { part: 'value', layer, head });
    }
  }
  return slots;
}

const firstCapacity = 512;

function allocate(length: number, rows: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch (error) {
    throw new DuetError(
      'model_failed',
      `there is no memory left for a context of ${rows} tokens; run fewer sessions, or a smaller model`,
      { cause: error },
    );
  }
}
