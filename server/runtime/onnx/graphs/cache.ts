import { DuetError } from '../../../errors.js';
import type { Manifest } from '../../folder/manifest.js';
import type { PositionMode } from '../../model.js';
import { AppendedKeys } from './appended-keys.js';
import { allocateRows, growRows, moveRowsUp, rowsBetween } from './rows.js';
import type { RowRange } from './rows.js';

/**
 * The key-value cache of one context: one array per slot, grown by doubling. Cutting back only sets the
 * length; the rows beyond it are overwritten later. Rows may be dropped from the middle ({@link drop}).
 */
export class KeyValueCache {
  readonly shape: CacheShape;
  readonly #positions: PositionMode;
  readonly #arrays: Float32Array[];
  readonly #isKey: readonly boolean[];
  #capacity: number;
  #length = 0;
  #dropped = 0;
  /** The keys as they were appended, and where, once rows have moved; null before. */
  #appended: AppendedKeys | null = null;

  constructor(shape: CacheShape, positions: PositionMode = 'contiguous') {
    this.shape = shape;
    this.#positions = positions;
    this.#isKey = cacheSlots(shape).map(({ part }) => part === 'key');
    this.#capacity = Math.min(firstCapacity, shape.maxRows);
    this.#arrays = this.#isKey.map(() => allocateRows(this.#capacity, shape.headSize));
  }

  /** Rows held. */
  get length(): number {
    return this.#length;
  }

  /** The position of the next row. */
  get nextPosition(): number {
    return this.#positions === 'original' ? this.#length + this.#dropped : this.#length;
  }

  /** Memory of its arrays, in bytes. */
  get bytes(): number {
    return this.#arrays.reduce((sum, { byteLength }) => sum + byteLength, this.#appended?.bytes ?? 0);
  }

  /** The rows of one slot, as a view that is valid until the next append or drop. */
  rows(slot: number): Float32Array {
    return this.#array(slot).subarray(0, this.#length * this.shape.headSize);
  }

  /** Copies of rows [from, to) of every slot. */
  copy(from: number, to: number): readonly Float32Array[] {
    const { headSize } = this.shape;
    return this.#arrays.map((array) => array.slice(from * headSize, to * headSize));
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
    this.#appended?.append(this.#length, this.#keysOf(rows));
    this.#length = length;
  }

  /** Forgets every row from `length` on. */
  cutBackTo(length: number): void {
    if (!Number.isInteger(length) || length < 0 || length > this.#length) {
      throw new DuetError('internal', `a cache of ${this.#length} rows cannot be cut back to ${length}`);
    }
    this.#length = length;
  }

  /**
   * Drops ranges of rows, ascending and apart; the rows behind them move up. With contiguous positions their
   * keys are turned to where they now are, each time from the key that was appended.
   */
  drop(ranges: readonly RowRange[]): void {
    const [first] = ranges;
    if (first === undefined) return;
    const kept = rowsBetween(ranges, this.#length);
    const length = kept.reduce((sum, { from, to }) => sum + to - from, first.from);
    const keys = this.#keysOf(this.#arrays);
    if (this.#positions === 'contiguous') this.#appended ??= new AppendedKeys(copies(keys), this.shape);
    for (const array of this.#arrays) moveRowsUp(array, kept, first.from, this.shape.headSize);
    this.#appended?.moveUp(kept, first.from);
    this.#appended?.turn({ from: first.from, to: length }, keys);
    this.#dropped += this.#length - length;
    this.#length = length;
  }

  #keysOf(slots: readonly Float32Array[]): readonly Float32Array[] {
    return slots.filter((_, slot) => this.#isKey[slot]);
  }

  #array(slot: number): Float32Array {
    const array = this.#arrays[slot];
    if (array === undefined) throw new DuetError('internal', `the cache has no slot ${slot}`);
    return array;
  }

  #grow(length: number): void {
    if (length <= this.#capacity) return;
    const capacity = Math.min(Math.max(length, this.#capacity * 2), this.shape.maxRows);
    growRows(this.#arrays, this.#length, capacity, this.shape.headSize);
    this.#appended?.grow(this.#length, capacity);
    this.#capacity = capacity;
  }
}

/** The sizes of a decoder's key-value cache. */
export interface CacheShape {
  readonly layers: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  /** Base of the rotary embedding of its keys. */
  readonly ropeTheta: number;
  /** Most rows (tokens) a cache may hold. */
  readonly maxRows: number;
}

/** The shape of a context's cache for such a decoder. */
export function cacheShapeOf(decoder: Manifest['decoder']): CacheShape {
  const { layers, keyValueHeads, headSize, ropeTheta, maxContext } = decoder;
  return { layers, keyValueHeads, headSize, ropeTheta, maxRows: maxContext };
}

/** The keys or values of one layer and key-value head: rows of `headSize` in the order of the tokens. */
export interface CacheSlot {
  readonly part: 'key' | 'value';
  readonly layer: number;
  readonly head: number;
}

/** Every slot of a cache in its fixed order: layer by layer, head by head, key before value. */
export function cacheSlots(shape: Pick<CacheShape, 'layers' | 'keyValueHeads'>): readonly CacheSlot[] {
  const slots: CacheSlot[] = [];
  for (let layer = 0; layer < shape.layers; layer++) {
    for (let head = 0; head < shape.keyValueHeads; head++) {
      slots.push({ part: 'key', layer, head }, { part: 'value', layer, head });
    }
  }
  return slots;
}

const firstCapacity = 512;

function copies(arrays: readonly Float32Array[]): Float32Array[] {
  return arrays.map((array) => array.slice());
}
