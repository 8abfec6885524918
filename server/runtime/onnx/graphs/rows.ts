import { DuetError } from '../../../errors.js';

/** An array for `rows` rows. Throws 'model_failed' if there is no memory. */
export function allocateRows(rows: number, width: number): Float32Array {
  try {
    return new Float32Array(rows * width);
  } catch (error) {
    throw new DuetError(
      'model_failed',
      `there is no memory left for a context of ${rows} tokens; run fewer sessions, or a smaller model`,
      { cause: error },
    );
  }
}

/** Rows [from, to). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Replaces each array by one of `rows` rows that begins with its first `used` rows, one at a time. */
export function growRows(arrays: Float32Array[], used: number, rows: number, width: number): void {
  for (const [index, array] of arrays.entries()) {
    const grown = allocateRows(rows, width);
    grown.set(array.subarray(0, used * width));
    arrays[index] = grown;
  }
}

/** Moves the rows of `kept` (ascending, all behind `target`) up, so that they follow row `target`. */
export function moveRowsUp(
  array: Float32Array | Int32Array,
  kept: readonly RowRange[],
  target: number,
  width: number,
): void {
  let place = target;
  for (const { from, to } of kept) {
    array.copyWithin(place * width, from * width, to * width);
    place += to - from;
  }
}

/** What lies between and behind `ranges` (ascending and apart), up to row `length`. */
export function rowsBetween(ranges: readonly RowRange[], length: number): RowRange[] {
  return ranges.map(({ to }, index) => ({ from: to, to: ranges[index + 1]?.from ?? length }));
}
