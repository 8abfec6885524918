/**
 * Turns rows of keys, already rotated for one position, to other positions: row r by `by[r]` positions, from
 * `source` into `target`. Turning always starts from the same source, so nothing adds up however often rows
 * move. Rows are in the half-split form of the decoder's rotary embedding.
 */
export function turnKeys(
  source: Float32Array,
  target: Float32Array,
  by: readonly KeyTurn[],
  { headSize, ropeTheta }: Pick<RotaryShape, 'headSize' | 'ropeTheta'>,
): void {
  const half = headSize / 2;
  for (const { from, to, positions } of by) {
    const { cosines, sines } = tableOf(positions, half, ropeTheta);
    for (let row = from; row < to; row++) {
      const first = row * headSize;
      for (let i = 0; i < half; i++) {
        const one = source[first + i] ?? 0;
        const other = source[first + half + i] ?? 0;
        const cosine = cosines[i] ?? 1;
        const sine = sines[i] ?? 0;
        target[first + i] = one * cosine - other * sine;
        target[first + half + i] = other * cosine + one * sine;
      }
    }
  }
}

/** What the rotary embedding of a decoder depends on. */
export interface RotaryShape {
  readonly headSize: number;
  readonly ropeTheta: number;
}

/** Rows [from, to) that move by the same number of positions, negative towards the beginning. */
export interface KeyTurn {
  readonly from: number;
  readonly to: number;
  readonly positions: number;
}

/** cos and sin of positions * theta^(-2i / headSize), in double precision. */
function tableOf(positions: number, half: number, theta: number) {
  const angles = Float64Array.from({ length: half }, (_, i) => positions / theta ** (i / half));
  return { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
}
