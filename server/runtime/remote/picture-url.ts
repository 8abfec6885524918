import sharp from 'sharp';
import type { Picture } from '../../video/frame.js';

/** A picture as a JPEG in an address, without the black bars of its square; encoded off the main thread. */
export async function pictureUrl(picture: Picture, quality: number): Promise<string> {
  const { width, height, rgb } = picture;
  const raw = sharp(rgb, { raw: { width, height, channels: 3 } });
  const jpeg = await raw.extract(contentOf(picture)).jpeg({ quality }).toBuffer();
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}

/** The part of a picture between bars of pure black above and below, or left and right. */
export function contentOf({ width, height, rgb }: Picture): {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
} {
  const bytes = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length);
  const black = Buffer.alloc(width * 3);
  const isRowBlack = (y: number): boolean => bytes.subarray(y * width * 3, (y + 1) * width * 3).equals(black);
  const isColumnBlack = (x: number): boolean => {
    for (let at = x * 3; at < bytes.length; at += width * 3) {
      if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) return false;
    }
    return true;
  };
  const [top, bottom] = bars(height, isRowBlack);
  if (top === height) return { left: 0, top: 0, width, height };
  if (top + bottom > 0) return { left: 0, top, width, height: height - top - bottom };
  const [left, right] = bars(width, isColumnBlack);
  return { left, top: 0, width: width - left - right, height };
}

/**
 * How many lines are black at both ends: all if everything is, none if they are not bars of about one size.
 */
function bars(size: number, isLineBlack: (at: number) => boolean): readonly [before: number, after: number] {
  let before = 0;
  while (before < size && isLineBlack(before)) before += 1;
  if (before === size) return [size, 0];
  let after = 0;
  while (isLineBlack(size - 1 - after)) after += 1;
  return Math.abs(before - after) <= 1 ? [before, after] : [0, 0];
}
