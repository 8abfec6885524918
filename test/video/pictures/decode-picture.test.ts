import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import {
  decodePicture,
  maxPicturePixels,
  measurePicture,
} from '../../../server/video/pictures/decode-picture.js';
import type { Picture } from '../../../server/video/frame.js';

const red = { r: 200, g: 40, b: 10 };

/** A picture whose left half is of one colour and whose right half is black. */
function halfRed(width: number, height: number) {
  const bar = { create: { width: width / 2, height, channels: 3 as const, background: red } };
  return sharp({ create: { width, height, channels: 3, background: 'black' } }).composite([
    { input: bar, left: 0, top: 0 },
  ]);
}

/** A raw gray picture of 4 x 4, of one shade. */
function gray(shade: number) {
  return { type: 'rgb', width: 4, height: 4, bytes: new Uint8Array(48).fill(shade) } as const;
}

function pixel({ width, rgb }: Picture, x: number, y: number): number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** Whether two colours are equal, allowing for the loss of JPEG and WebP. */
function near(actual: readonly number[], { r, g, b }: { r: number; g: number; b: number }): boolean {
  return [r, g, b].every((value, channel) => Math.abs(value - (actual[channel] ?? NaN)) <= 6);
}

const png = await halfRed(60, 40).png().toBuffer();
const gif = await halfRed(60, 40).gif().toBuffer();
const hugeJpeg = await sharp({ create: { width: 9000, height: 4000, channels: 3, background: red } })
  .jpeg()
  .toBuffer();

describe('a pushed picture', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('may be %s', async (format) => {
    const picture = await decodePicture({
      type: 'encoded',
      bytes: await halfRed(60, 40).toFormat(format).toBuffer(),
    });
    expect(picture).toMatchObject({ width: 60, height: 40 });
    expect(picture.rgb).toHaveLength(60 * 40 * 3);
    expect(near(pixel(picture, 10, 20), red)).toBe(true);
    expect(near(pixel(picture, 50, 20), { r: 0, g: 0, b: 0 })).toBe(true);
  });

  test('may be raw', async () => {
    expect(await decodePicture(gray(7))).toEqual({ width: 4, height: 4, rgb: new Uint8Array(48).fill(7) });
  });

  test('is turned upright', async () => {
    // Orientation 6: shown rotated by 90 degrees clockwise, so the left half ends up on top.
    const bytes = await halfRed(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodePicture({ type: 'encoded', bytes });
    expect(picture).toMatchObject({ width: 40, height: 60 });
    expect(near(pixel(picture, 20, 10), red)).toBe(true);
    expect(near(pixel(picture, 20, 50), { r: 0, g: 0, b: 0 })).toBe(true);
  });

  test('shows black where it is transparent', async () => {
    const clear = { create: { width: 8, height: 8, channels: 4 as const, background: { ...red, alpha: 0 } } };
    const picture = await decodePicture({ type: 'encoded', bytes: await sharp(clear).png().toBuffer() });
    expect(pixel(picture, 4, 4)).toEqual([0, 0, 0]);
  });

  test.each([
    [
      'gray',
      sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
        .grayscale()
        .png(),
    ],
    [
      'of 16 bits',
      sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
        .toColourspace('rgb16')
        .png(),
    ],
    [
      'of a palette',
      sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } }).png({ palette: true }),
    ],
    [
      'for print (CMYK)',
      sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
        .toColourspace('cmyk')
        .jpeg(),
    ],
  ])('that is %s becomes RGB of 8 bits', async (_, image) => {
    const picture = await decodePicture({ type: 'encoded', bytes: await image.toBuffer() });
    expect(picture.rgb).toHaveLength(8 * 8 * 3);
    expect(near(pixel(picture, 4, 4), { r: 255, g: 255, b: 255 })).toBe(true);
  });

  test.each([
    [
      'garbage',
      { type: 'encoded', bytes: Buffer.from('not a picture at all') },
      'invalid_request',
      /20 bytes is neither JPEG, PNG nor WebP/,
    ],
    ['nothing', { type: 'encoded', bytes: new Uint8Array(0) }, 'invalid_request', /0 bytes is neither/],
    ['a GIF', { type: 'encoded', bytes: gif }, 'invalid_request', /neither/],
    [
      'an SVG',
      {
        type: 'encoded',
        bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      },
      'invalid_request',
      /neither/,
    ],
    [
      'half a PNG',
      { type: 'encoded', bytes: png.subarray(0, 90) },
      'invalid_request',
      /cannot be decoded \(.+\); send a whole/,
    ],
    [
      'too many pixels',
      {
        type: 'encoded',
        bytes: hugeJpeg,
      },
      'too_large',
      /9000x4000 is larger than/,
    ],
    [
      'raw bytes that do not fit',
      { type: 'rgb', width: 4, height: 4, bytes: new Uint8Array(47) },
      'invalid_request',
      /4x4 needs 48 bytes of RGB, but 47 came/,
    ],
    [
      'a raw size of 0',
      { type: 'rgb', width: 0, height: 4, bytes: new Uint8Array(0) },
      'invalid_request',
      /size of 0x4/,
    ],
    [
      'a raw size that is too large',
      { type: 'rgb', width: maxPicturePixels, height: 2, bytes: new Uint8Array(0) },
      'too_large',
      /larger than/,
    ],
  ] as const)('that is %s is refused in words', async (_, pushed, code, message) => {
    await expect(decodePicture(pushed)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });
});

test.each(['jpeg', 'png', 'webp'] as const)('a %s is measured upright', async (format) => {
  const bytes = await halfRed(600, 400).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
  expect(await measurePicture({ type: 'encoded', bytes })).toEqual({ width: 400, height: 600 });
});

test.each(['jpeg', 'png'] as const)('a %s is measured by its header alone', async (format) => {
  const bytes = await halfRed(600, 400).toFormat(format).toBuffer();
  const cut = { type: 'encoded', bytes: bytes.subarray(0, bytes.length * 0.9) } as const;
  expect(await measurePicture(cut)).toEqual({ width: 600, height: 400 });
  await expect(decodePicture(cut)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a picture is shrunk to a requested size, upright, and never enlarged', async () => {
  const bytes = await halfRed(600, 400).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const picture = await decodePicture({ type: 'encoded', bytes }, { width: 40, height: 60 });
  expect(picture).toMatchObject({ width: 40, height: 60 });
  expect(near(pixel(picture, 20, 10), red)).toBe(true);
  expect(near(pixel(picture, 20, 50), { r: 0, g: 0, b: 0 })).toBe(true);
  const small = await decodePicture({ type: 'encoded', bytes: png }, { width: 900, height: 10 });
  expect(small).toMatchObject({ width: 60, height: 10 });
});

test('a truncated picture is refused even when it is shrunk', async () => {
  const bytes = await halfRed(4000, 3000).jpeg().toBuffer();
  const cut = { type: 'encoded', bytes: bytes.subarray(0, bytes.length - 2) } as const;
  await expect(decodePicture(cut, { width: 64, height: 48 })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});
