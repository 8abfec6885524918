import sharp from 'sharp';
import type { Picture } from '../frame.js';
import { fittedSize, type PictureFit } from './letterbox-size.js';

/**
 * A square picture of a model as JPEG in the shape of the video it comes from, without what was padded; made
 * off the main thread. Where the size of the video is not known (0) it stays square.
 */
export async function encodeJpeg(
  { width: side, height, rgb }: Picture,
  shown: { readonly width: number; readonly height: number },
  fit?: PictureFit,
): Promise<Uint8Array> {
  const raw = { width: side, height, channels: 3 } as const;
  const whole = sharp(rgb, { raw });
  if (shown.width === 0 || shown.height === 0 || side !== height) return whole.jpeg({ quality }).toBuffer();
  const place = fittedSize(shown.width, shown.height, { side, ...(fit && { fit }) });
  const upright = fittedSize(shown.width, shown.height, { side });
  return whole
    .extract(place)
    .resize(upright.width, upright.height, { fit: 'fill' })
    .jpeg({ quality })
    .toBuffer();
}

/** A picture of its own shape as JPEG, made smaller where it is more than `width` pixels wide. */
export function encodeWithin({ rgb, ...size }: Picture, width: number): Promise<Uint8Array> {
  const raw = { width: size.width, height: size.height, channels: 3 } as const;
  return sharp(rgb, { raw }).resize({ width, withoutEnlargement: true }).jpeg({ quality }).toBuffer();
}

/** It is looked at, not watched by a model again. */
const quality = 82;
