import { associate, type Association } from '../../../server/runtime/detector/association.js';

/** A thing in a picture: its class, its centre and its size, in shares of the picture. */
export interface SeenThing {
  readonly thing: number;
  readonly x: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly score?: number;
}

/** The rows that a detector gives for these things, clipped to the picture. */
function rowsOf(things: readonly SeenThing[]): Float64Array {
  const rows = new Float64Array(16 * 88);
  things.forEach(({ thing, x, y = 0.5, width = 0.1, height = 0.3, score = 0.95 }, index) => {
    const sides = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
    const box = sides.map((side) => Math.min(1, Math.max(0, side)));
    rows.set([...box, score, 0.5, 0.5, 0.5], index * 88);
    rows[index * 88 + 8 + thing] = score;
  });
  return rows;
}

/** What is followed after a frame with these things, in a scene of one brightness. */
export function followed(
  before: Association | null,
  things: readonly SeenThing[],
  time: number,
  brightness = 0.5,
): Association {
  return associate(before, rowsOf(things), new Float64Array(50).fill(brightness), time);
}

/** The frames of a scene from one time up to another, four a second. */
export function framesOf(
  from: number,
  to: number,
  thingsAt: (time: number) => readonly SeenThing[],
): readonly { readonly time: number; readonly things: readonly SeenThing[] }[] {
  const count = Math.round((to - from) * 4);
  return Array.from({ length: count }, (_, index) => {
    const time = from + index / 4;
    return { time, things: thingsAt(time) };
  });
}
