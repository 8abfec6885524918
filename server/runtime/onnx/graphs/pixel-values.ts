import { DuetError } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';

/**
 * Writes a picture of `side` x `side` into `target` at `offset` as three planes (red, green, blue) of (rgb /
 * 255 - mean) / std. Throws 'invalid_request' for a picture of another size.
 */
export function writePixelValues(
  picture: Picture,
  input: Manifest['picture'],
  target: Float32Array,
  offset: number,
): void {
  requireSize(picture, input.side);
  const { rgb } = picture;
  const plane = input.side * input.side;
  for (let channel = 0; channel < 3; channel++) {
    const std = input.std[channel] ?? 1;
    const scale = 1 / (255 * std);
    const shift = (input.mean[channel] ?? 0) / std;
    const to = offset + channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      target[to + pixel] = (rgb[pixel * 3 + channel] ?? 0) * scale - shift;
    }
  }
}

/** Throws 'invalid_request' unless the picture is `side` x `side` with all its bytes. */
export function requireSize(picture: Picture, side: number): void {
  const { width, height, rgb } = picture;
  if (width === side && height === side && rgb.length === side * side * 3) return;
  throw new DuetError(
    'invalid_request',
    `a picture of ${width} x ${height} with ${rgb.length} bytes was appended; the model takes ${side} x ${side} RGB, ${side * side * 3} bytes`,
  );
}
