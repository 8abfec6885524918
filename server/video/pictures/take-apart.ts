import type { Picture } from '../frame.js';
import { sizeWithin, type Size } from './letterbox-size.js';

/**
 * Takes apart what `withDetail` has put together: the square picture of `side` pixels, and the larger one,
 * which is copied out only when it is asked for. `shown` is the size of the video as viewers see it.
 */
export function takeApart(
  both: Picture,
  { side, within, shown }: { readonly side: number; readonly within: Size; readonly shown: Size },
): { readonly picture: Picture; readonly detail: () => Picture } {
  return {
    picture: cutOut(both, within.height, { width: side, height: side }),
    detail: () => cutOut(both, 0, sizeWithin(shown, within)),
  };
}

/** A part of a picture at its left edge, with memory of its own. */
function cutOut({ rgb, width: whole }: Picture, top: number, { width, height }: Size): Picture {
  const part = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    const from = (top + row) * whole * 3;
    part.set(rgb.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height, rgb: part };
}
