import sharp from 'sharp';

import { DuetError } from '../errors.js';
import type { Picture } from './frame.js';

/** A picture as a client sends it. */
export type PushedPicture =
  | { readonly type: 'encoded'; readonly bytes: Uint8Array }
  | { readonly type: 'rgb'; readonly width: number; readonly height: number; readonly bytes: Uint8Array };

/** Pixels of the largest picture accepted: an 8K frame. */
export const maxPicturePixels = 7680 * 4320;

/** Told apart by their first bytes, so that the decoders of other formats (SVG among them) never see a stranger's data. */
function hasAcceptedFormat(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return (
    head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG\r\n\x1a\n') || /^RIFF.{4}WEBP$/s.test(head)
  );
}

/**
 * Decodes JPEG, PNG or WebP off the main thread, upright (EXIF orientation applied) and with black where it is transparent; raw RGB passes as it is.
 * Of an animation the first picture is taken.
 *
 * @throws DuetError 'invalid_request' for other formats, broken or oversized pictures, and raw bytes that do not fit their size; 'too_large' above the limit.
 */
export async function decodePicture(pushed: PushedPicture): Promise<Picture> {
  return pushed.type === 'rgb' ? rawPicture(pushed) : encodedPicture(pushed.bytes);
}

function rawPicture({ width, height, bytes }: PushedPicture & { type: 'rgb' }): Picture {
  const natural = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (!natural)
    throw invalid(`a raw picture has a size of ${width}x${height}; both must be whole numbers of at least 1`);
  requirePixels(width, height);
  if (bytes.length !== width * height * 3) {
    throw invalid(
      `a raw picture of ${width}x${height} needs ${width * height * 3} bytes of RGB, but ${bytes.length} came`,
    );
  }
  return { width, height, rgb: bytes };
}

async function encodedPicture(bytes: Uint8Array): Promise<Picture> {
  if (!hasAcceptedFormat(bytes))
    throw invalid(`a picture of ${bytes.length} bytes is neither JPEG, PNG nor WebP; send one of these`);
  try {
    // The header alone, of whatever size, so that the refusal can name it.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    requirePixels(width, height);
    const { data, info } = await sharp(bytes, {
      limitInputPixels: maxPicturePixels,
      failOn: 'error',
      pages: 1,
    })
      .autoOrient()
      .flatten({ background: 'black' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: data };
  } catch (thrown) {
    if (thrown instanceof DuetError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalid(
      `a picture of ${bytes.length} bytes cannot be decoded (${reason}); send a whole JPEG, PNG or WebP`,
      thrown,
    );
  }
}

function requirePixels(width: number, height: number): void {
  if (width * height <= maxPicturePixels) return;
  throw new DuetError(
    'too_large',
    `a picture of ${width}x${height} is larger than the ${maxPicturePixels} pixels accepted; scale it down before sending`,
  );
}

function invalid(message: string, cause?: unknown): DuetError {
  return new DuetError('invalid_request', message, { cause });
}
