import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeJpeg } from '../../../server/video/pictures/encode-jpeg.js';

const side = 64;
const square = { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(200) };

test.each([
  ['a wide video', { width: 640, height: 360 }, undefined, [64, 36]],
  ['a tall one', { width: 360, height: 640 }, undefined, [36, 64]],
  ['a wide one that was stretched', { width: 640, height: 360 }, 'stretch', [64, 36]],
  ['one whose size is not known', { width: 0, height: 0 }, undefined, [64, 64]],
] as const)('%s has its shape again', async (_name, shown, fit, size) => {
  const { width, height } = await sharp(await encodeJpeg(square, shown, fit)).metadata();
  expect([width, height]).toEqual(size);
});
