import sharp from 'sharp';
import { expect, test } from 'vitest';
import { fittingJpeg } from '../../server/webhook/fitting-jpeg.js';

const noise = { type: 'gaussian', mean: 128, sigma: 80 } as const;
const create = { width: 640, height: 360, channels: 3, background: 'black', noise } as const;

function widthOf(jpeg: Uint8Array | null): Promise<number | undefined> | null {
  return (
    jpeg &&
    sharp(jpeg)
      .metadata()
      .then(({ width }) => width)
  );
}

test('a JPEG that fits is itself, a larger one is made coarser first, then narrower', async () => {
  const jpeg = await sharp({ create }).jpeg({ quality: 90 }).toBuffer();
  expect(await fittingJpeg(jpeg, jpeg.length)).toBe(jpeg);
  expect(await widthOf(await fittingJpeg(jpeg, jpeg.length - 1))).toBe(640);
  const widths = [];
  for (const part of [3, 9, 30]) {
    const fitting = await fittingJpeg(jpeg, Math.floor(jpeg.length / part));
    expect(fitting?.length).toBeLessThanOrEqual(jpeg.length / part);
    widths.push(await widthOf(fitting));
  }
  expect(widths).toEqual([480, 320, 224]);
  expect(await fittingJpeg(jpeg, 100)).toBeNull();
});
