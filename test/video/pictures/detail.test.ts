import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sizeWithin } from '../../../server/video/pictures/letterbox-size.js';
import { PushedPictures } from '../../../server/video/sources/pushed/pushed-pictures.js';
import { makeFile, writeFile } from '../../support/clips.js';
import { openClip, readAll } from '../../support/open-clip.js';

const wide = ['-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=4:d=2', '-pix_fmt', 'yuv420p', '-crf', '4'];

test.each([
  [
    { width: 1920, height: 1080 },
    { width: 960, height: 540 },
  ],
  [
    { width: 1080, height: 1920 },
    { width: 540, height: 960 },
  ],
  [
    { width: 640, height: 480 },
    { width: 960, height: 720 },
  ],
  [
    { width: 320, height: 240 },
    { width: 480, height: 360 },
  ],
  [
    { width: 4000, height: 1 },
    { width: 960, height: 1 },
  ],
])('%o becomes %o', (size, within) => {
  expect(sizeWithin(size, { width: 960, height: 960 })).toEqual(within);
});

test.each(['pad', 'stretch'] as const)(
  'the square pictures are the same with a larger one (%s)',
  async (fit) => {
    const path = makeFile(wide, 'mp4');
    await using alone = await openClip(path, { fps: 4, fit });
    await using both = await openClip(path, { fps: 4, fit, detail: 200 });
    const [plain, detailed] = [await readAll(alone), await readAll(both)];
    expect(plain.every(({ detail }) => detail === undefined)).toBe(true);
    expect(detailed.map(({ picture, videoTime }) => ({ picture, videoTime }))).toEqual(
      plain.map(({ picture, videoTime }) => ({ picture, videoTime })),
    );
  },
);

test('the larger picture is of the same moment, in its own shape, and comes twice a second at most', async () => {
  await using stream = await openClip(makeFile(wide, 'mp4'), { fps: 4, detail: 2048 });
  const frames = await readAll(stream);
  const detailed = frames.filter(({ detail }) => detail !== undefined);
  expect(detailed.map(({ videoTime }) => videoTime)).toEqual([0, 0.5, 1, 1.5]);
  for (const { detail, videoTime } of detailed) {
    const larger = await detail?.();
    expect(larger).toMatchObject({ width: 480, height: 270 });
    const exact = await sharp(makeFile([...wide, '-ss', String(videoTime), '-frames:v', '1'], 'png'))
      .resize(480, 270, { kernel: 'linear' })
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(meanDifference(larger?.rgb, exact)).toBeLessThan(4);
  }
});

test.each([
  ['3:4', '240x320', [360, 480]],
  ['4:1', '1280x320', [600, 150]],
  ['smaller than the square', '40x90', [60, 135]],
])('the larger picture of a file has its whole shape: %s', async (_, size, [width, height]) => {
  const drawn = ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=2:d=1`, '-pix_fmt', 'yuv420p', '-crf', '4'];
  await using stream = await openClip(makeFile(drawn, 'mp4'), { fps: 2, side: 64, detail: 600 });
  const larger = await (await readAll(stream))[0]?.detail?.();
  expect(larger).toMatchObject({ width, height });
  const exact = await sharp(makeFile([...drawn, '-frames:v', '1'], 'png'))
    .resize(width, height)
    .removeAlpha()
    .raw()
    .toBuffer();
  expect(meanDifference(larger?.rgb, exact)).toBeLessThan(10);
});

test('where the size changes in mid-stream both pictures go on in the new shape', async () => {
  const part = (colour: string, size: string) =>
    readFileSync(
      makeFile(['-f', 'lavfi', '-i', `color=${colour}:s=${size}:r=4:d=2`, '-pix_fmt', 'yuv420p'], 'ts'),
    );
  const path = writeFile('resized.ts', Buffer.concat([part('red', '320x180'), part('blue', '180x320')]));
  await using stream = await openClip(path, { fps: 4, side: 64, detail: 400 });
  const last = (await readAll(stream)).findLast(({ detail }) => detail !== undefined);
  const larger = await last?.detail?.();
  expect(larger).toMatchObject({ width: 126, height: 225 });
  const blue = Uint8Array.from({ length: 126 * 225 * 3 }, (__, index) => (index % 3 === 2 ? 254 : 0));
  expect(meanDifference(larger?.rgb, blue)).toBeLessThan(4);
  const middle = last?.picture.rgb.subarray((32 * 64 + 32) * 3).subarray(0, 3);
  expect(meanDifference(middle, blue.subarray(0, 3))).toBeLessThan(4);
});

test('a pushed picture is decoded larger when it is asked for', async () => {
  const source = new PushedPictures({ fps: 2, side: 64, detail: 300 });
  const jpeg = await sharp({ create: { width: 400, height: 200, channels: 3, background: '#c02040' } })
    .jpeg()
    .toBuffer();
  void source.push({ type: 'encoded', bytes: jpeg }, 0);
  void source.push(
    { type: 'rgb', width: 600, height: 600, bytes: new Uint8Array(600 * 600 * 3).fill(77) },
    1,
  );
  source.end();
  const [first, second] = await readAll(source);
  expect(first?.picture).toMatchObject({ width: 64, height: 64 });
  const larger = await first?.detail?.();
  expect(larger).toMatchObject({ width: 300, height: 150 });
  expect(Math.abs((larger?.rgb[0] ?? 0) - 192)).toBeLessThan(3);
  const raw = await second?.detail?.();
  expect(raw).toMatchObject({ width: 300, height: 300 });
  expect(raw?.rgb.every((value) => value === 77)).toBe(true);
});

test('of pictures that wait, only the newest 16 MiB can still be had larger', async () => {
  const source = new PushedPictures({ fps: 2, side: 64, detail: 300 });
  const large = { type: 'rgb', width: 1500, height: 1500, bytes: new Uint8Array(1500 * 1500 * 3) } as const;
  for (const time of [0, 1, 2, 3]) void source.push(large, time);
  source.end();
  const frames = await readAll(source);
  const details = await Promise.all(frames.map(async ({ detail }) => (await detail?.()) ?? null));
  expect(details.map((detail) => detail?.width ?? null)).toEqual([null, null, 300, 300]);
});

function meanDifference(one: Uint8Array | undefined, other: Uint8Array): number {
  expect(one).toHaveLength(other.length);
  const sum = other.reduce((total, value, index) => total + Math.abs(value - (one?.[index] ?? 0)), 0);
  return sum / other.length;
}
