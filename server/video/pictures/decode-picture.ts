import type Sharp from 'sharp';
import { DuetError } from '../../errors.js';
import type { Picture, ReceivedPicture } from '../frame.js';
import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import { sizeWithin } from './letterbox-size.js';

/**
 * Decodes JPEG, PNG or WebP off the main thread, upright (EXIF orientation applied), with black where it is
 * transparent; raw RGB passes unchanged. Only the first picture of an animation is used.
 *
 * @param atMost shrinks an encoded picture to at most this size while decoding, so that a big one is never
 * held in memory; default its own size
 * @throws DuetError as {@link measurePicture}, and 'invalid_request' for a broken picture.
 */
export async function decodePicture(pushed: ReceivedPicture, atMost?: PictureSize): Promise<Picture> {
  const size = await measurePicture(pushed);
  if (pushed.type === 'rgb') return { ...size, rgb: pushed.bytes };
  return decodeAs(pushed.bytes, size, smaller(size, atMost ?? size));
}

function decodeAs(bytes: Uint8Array, size: PictureSize, wanted: PictureSize): Promise<Picture> {
  const decode = (): Promise<Picture> => refusingBroken(bytes, decodeEncoded(bytes, wanted));
  return size.width * size.height > largePixels ? largePictures.run(decode) : decode();
}

/**
 * Decodes a picture in its own shape, off the main thread, in the size that `sizeWithin` gives; raw RGB is
 * scaled as well. Throws as {@link decodePicture} does.
 */
export async function decodeWithin(pushed: ReceivedPicture, longest: number): Promise<Picture> {
  const whole = await measurePicture(pushed);
  const size = sizeWithin(whole, { width: longest, height: longest });
  if (pushed.type === 'encoded') return decodeAs(pushed.bytes, whole, size);
  const { width, height, bytes } = pushed;
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, { raw: { width, height, channels: 3 } })
    .resize(size.width, size.height, { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** Pixels of the largest picture accepted: an 8K frame. */
export const maxPicturePixels = 7680 * 4320;

/**
 * Recognised by their first bytes, so that decoders of other formats (SVG among them) never see untrusted
 * data.
 */
function hasAcceptedFormat(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return (
    head.startsWith('\xff\xd8\xff') || head.startsWith('\x89PNG\r\n\x1a\n') || /^RIFF.{4}WEBP$/s.test(head)
  );
}

/** Size of a picture in pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The upright size of a picture from its header alone: nothing is decoded, so a small file that claims to be
 * huge costs nothing.
 *
 * @throws DuetError 'invalid_request' for other formats, broken headers, and raw bytes that do not match
 * their size; 'too_large' above the limit.
 */
export async function measurePicture(pushed: ReceivedPicture): Promise<PictureSize> {
  const size = pushed.type === 'rgb' ? rawSize(pushed) : await encodedSize(pushed.bytes);
  if (size.width * size.height <= maxPicturePixels) return size;
  throw new DuetError(
    'too_large',
    `a picture of ${size.width}x${size.height} is larger than the ` +
      `${maxPicturePixels} pixels accepted; scale it down before sending`,
  );
}

/** Larger pictures are decoded one at a time: some formats cannot be shrunk while they are read. */
const largePixels = 4_000_000;
const largePictures = new OneAtATime();

function smaller(a: PictureSize, b: PictureSize): PictureSize {
  return { width: Math.min(a.width, b.width), height: Math.min(a.height, b.height) };
}

function rawSize({ width, height, bytes }: ReceivedPicture & { type: 'rgb' }): PictureSize {
  const natural = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (!natural)
    throw invalid(`a raw picture has a size of ${width}x${height}; both must be whole numbers of at least 1`);
  if (width * height <= maxPicturePixels && bytes.length !== width * height * 3) {
    throw invalid(
      `a raw picture of ${width}x${height} needs ` +
        `${width * height * 3} bytes of RGB, but ${bytes.length} came`,
    );
  }
  return { width, height };
}

async function encodedSize(bytes: Uint8Array): Promise<PictureSize> {
  if (!hasAcceptedFormat(bytes))
    throw invalid(`a picture of ${bytes.length} bytes is neither JPEG, PNG nor WebP; send one of these`);
  const sharp = await loadSharp();
  // No size limit here, so that the refusal can name the size.
  const header = await refusingBroken(bytes, sharp(bytes, { limitInputPixels: false }).metadata());
  return header.autoOrient;
}

async function decodeEncoded(bytes: Uint8Array, { width, height }: PictureSize): Promise<Picture> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(bytes, {
    limitInputPixels: maxPicturePixels,
    failOn: 'error',
    pages: 1,
    sequentialRead: true,
  })
    .autoOrient()
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .flatten({ background: 'black' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** Loaded with the first picture: a file or a camera needs none of it, and it takes a tenth of a second. */
async function loadSharp(): Promise<typeof Sharp> {
  return (await import('sharp')).default;
}

async function refusingBroken<T>(bytes: Uint8Array, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalid(
      `a picture of ${bytes.length} bytes cannot be decoded (${reason}); send a whole JPEG, PNG or WebP`,
      thrown,
    );
  }
}

function invalid(message: string, cause?: unknown): DuetError {
  return new DuetError('invalid_request', message, { cause });
}
