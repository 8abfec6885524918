import { encodeJpeg, encodeWithin } from '../../video/pictures/encode-jpeg.js';
import type { PictureFit } from '../../video/pictures/letterbox-size.js';
import type { SeenPicture } from './seen-pictures.js';

/**
 * A picture for people as JPEG: in the video's own detail where the session has it, else as large as the
 * model sees it, in which it has `fit`. Each picture is encoded once, and only if somebody asks for it.
 */
export function previewOf(seen: SeenPicture, fit: PictureFit | undefined): Promise<Uint8Array> {
  const known = encoded.get(seen);
  if (known !== undefined) return known;
  const jpeg = encodePreview(seen, fit);
  encoded.set(seen, jpeg);
  return jpeg;
}

async function encodePreview({ picture, shown, detail }: SeenPicture, fit?: PictureFit): Promise<Uint8Array> {
  const larger = (await detail?.()) ?? null;
  return larger === null ? encodeJpeg(picture, shown, fit) : encodeWithin(larger, previewSide);
}

const encoded = new WeakMap<SeenPicture, Promise<Uint8Array>>();

/** Longest side in pixels of a picture for viewers; it is looked at beside the conversation. */
export const previewSide = 640;
