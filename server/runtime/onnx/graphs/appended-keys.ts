import { growRows, moveRowsUp } from './rows.js';
import type { RowRange } from './rows.js';
import { turnKeys } from './turned-keys.js';
import type { RotaryShape, KeyTurn } from './turned-keys.js';

/**
 * The keys of a cache as they were appended, with the position each was rotated for. However often rows move,
 * their keys are turned from here, so rounding never adds up.
 */
export class AppendedKeys {
  /** One array per key slot. */
  readonly #keys: Float32Array[];
  readonly #shape: RotaryShape;
  #positions: Int32Array;

  /** `keys` are copies of the key slots, in which every row still has its own number as position. */
  constructor(keys: Float32Array[], shape: RotaryShape) {
    this.#keys = keys;
    this.#shape = shape;
    const rows = (keys[0]?.length ?? 0) / shape.headSize;
    this.#positions = Int32Array.from({ length: rows }, (_, row) => row);
  }

  /** Memory of its arrays, in bytes. */
  get bytes(): number {
    return this.#keys.reduce((sum, { byteLength }) => sum + byteLength, this.#positions.byteLength);
  }

  /** Writes new rows of every key slot behind the first `length` rows. */
  append(length: number, keys: readonly Float32Array[]): void {
    const { headSize } = this.#shape;
    keys.forEach((rows, index) => this.#keys[index]?.set(rows, length * headSize));
    const count = (keys[0]?.length ?? 0) / headSize;
    for (let row = length; row < length + count; row++) this.#positions[row] = row;
  }

  /** Makes room for `rows` rows, of which the first `used` are kept. */
  grow(used: number, rows: number): void {
    growRows(this.#keys, used, rows, this.#shape.headSize);
    const positions = new Int32Array(rows);
    positions.set(this.#positions.subarray(0, used));
    this.#positions = positions;
  }

  /** Moves the rows of `kept` up behind row `target`. */
  moveUp(kept: readonly RowRange[], target: number): void {
    for (const keys of this.#keys) moveRowsUp(keys, kept, target, this.#shape.headSize);
    moveRowsUp(this.#positions, kept, target, 1);
  }

  /**
   * Writes rows [from, to), turned to the positions of their numbers, into `target`, one array per key slot.
   */
  turn({ from, to }: RowRange, target: readonly Float32Array[]): void {
    const turns = this.#turns(from, to);
    this.#keys.forEach((keys, index) => {
      const turned = target[index];
      if (turned !== undefined) turnKeys(keys, turned, turns, this.#shape);
    });
  }

  /** Rows [from, to) as runs that move equally far. */
  #turns(from: number, to: number): readonly KeyTurn[] {
    const turns: { from: number; to: number; positions: number }[] = [];
    for (let row = from; row < to; row++) {
      const positions = row - (this.#positions[row] ?? row);
      const last = turns.at(-1);
      if (last?.positions === positions) last.to = row + 1;
      else turns.push({ from: row, to: row + 1, positions });
    }
    return turns;
  }
}
