import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import { decodePicture, maxPicturePixels } from '../../server/video/decode-picture.js';
import type { Picture, VideoFrame } from '../../server/video/frame.js';
import { PicturePushSource } from '../../server/video/picture-push-source.js';
import { SamplingGrid } from '../../server/video/sampling-grid.js';
import { settle } from '../support/manual-time.js';

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

/** Whether two colours are the same but for the loss of JPEG and WebP. */
function near(actual: readonly number[], { r, g, b }: { r: number; g: number; b: number }): boolean {
  return [r, g, b].every((value, channel) => Math.abs(value - (actual[channel] ?? NaN)) <= 6);
}

/** Reads a source to its end. */
async function readAll(source: PicturePushSource): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of source) frames.push(frame);
  return frames;
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
    // Orientation 6: to be shown turned by 90 degrees clockwise, so the left half comes to the top.
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

test.each([
  [2, [0, 0.3, 0.5, 0.9, 1.6, 1.7, 4], [0, 0.5, 1.6, 4]],
  [10, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]],
  [1, [0.4, 1.3, 2.2], [0.4, 1.3, 2.2]],
])('of more pictures than %d a second the first of each interval is taken', (fps, times, expected) => {
  const grid = new SamplingGrid(fps);
  expect(times.filter((time) => grid.take(time))).toEqual(expected);
});

test('the grid counts ticks exactly, hours into a video', () => {
  const grid = new SamplingGrid(100);
  let taken = 0;
  for (let k = 0; k < 60_000; k += 1) if (grid.take(k / 200)) taken += 1;
  expect(taken).toBe(30_000);
});

describe('a source of pushed pictures', () => {
  test('is a live video of those pictures, at the times they were given', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    expect(source.info).toEqual({
      width: 0,
      height: 0,
      fps: null,
      duration: null,
      codec: 'pictures',
      live: true,
    });
    const outcomes = [3, 3.2, 3.5, 9].map((time) => source.push(gray(time * 10), time));
    source.end();
    const frames = await readAll(source);
    expect(frames.map(({ index, videoTime, picture }) => [index, videoTime, picture.rgb[0]])).toEqual([
      [0, 3, 30],
      [1, 3.5, 35],
      [2, 9, 90],
    ]);
    expect(frames[0]?.picture).toMatchObject({ width: 8, height: 8 });
    expect(await Promise.all(outcomes)).toEqual(['taken', 'skipped', 'taken', 'taken']);
    expect(source.info).toMatchObject({ width: 4, height: 4 });
  });

  test('hands frames on as they come', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    const frames = source[Symbol.asyncIterator]();
    const first = frames.next();
    await settle();
    await source.push(gray(1), 0);
    expect((await first).value).toMatchObject({ index: 0, videoTime: 0 });
    source.end();
    expect(await frames.next()).toMatchObject({ done: true });
  });

  test.each([
    [[1, 1], 1, /is 1 seconds; it must be above 1/],
    [[2, 1.5], 1, /is 1.5 seconds; it must be above 2/],
    [[-1], 0, /is -1 seconds; it must be 0 or more/],
    [[NaN], 0, /is NaN seconds/],
    [[0, Infinity], 1, /is Infinity seconds/],
  ])('refuses times that do not increase (%j)', async (times, at, message) => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    const pushes = times.map((time) => source.push(gray(0), time));
    await expect(pushes[at]).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
  });

  test('drops the oldest of those that wait when they are too many, and counts them', async () => {
    const source = new PicturePushSource({ fps: 10, side: 8, queueLimit: 3 });
    const outcomes = Array.from({ length: 8 }, (_, k) => source.push(gray(k), k));
    source.end();
    const frames = await readAll(source);
    expect(frames.map(({ index, videoTime }) => [index, videoTime])).toEqual([
      [0, 5],
      [1, 6],
      [2, 7],
    ]);
    expect(source.dropped).toBe(5);
    expect(await Promise.all(outcomes)).toEqual([
      ...Array<string>(5).fill('dropped'),
      ...Array<string>(3).fill('taken'),
    ]);
  });

  test('goes on without a picture that cannot be decoded', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    const pushes = [
      source.push(gray(1), 0),
      source.push({ type: 'encoded', bytes: Buffer.from('garbage') }, 1),
      source.push(gray(2), 2),
    ];
    source.end();
    expect((await readAll(source)).map(({ index, videoTime }) => [index, videoTime])).toEqual([
      [0, 0],
      [1, 2],
    ]);
    await expect(pushes[1]).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('discards what comes while it is paused', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    const pushes = [source.push(gray(0), 0)];
    source.pause();
    pushes.push(source.push(gray(1), 1));
    source.resume();
    pushes.push(source.push(gray(2), 2));
    source.end();
    expect((await readAll(source)).map(({ videoTime }) => videoTime)).toEqual([2]);
    expect(await Promise.all(pushes)).toEqual(['skipped', 'skipped', 'taken']);
  });

  test('ends after maxFrames, and takes nothing then', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8, maxFrames: 2 });
    const pushes = [0, 1, 2].map((time) => source.push(gray(0), time));
    expect(await readAll(source)).toHaveLength(2);
    expect(await pushes[2]).toBe('skipped');
    await expect(source.push(gray(0), 3)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/after the end/) as string,
    });
  });

  test('is emptied by its disposal, which ends a waiting reader', async () => {
    const source = new PicturePushSource({ fps: 2, side: 8 });
    const waiting = source.push(gray(0), 0);
    await source[Symbol.asyncDispose]();
    expect(await waiting).toBe('skipped');
    expect(await readAll(source)).toEqual([]);
    await expect(readAll(source)).rejects.toMatchObject({ code: 'internal' });
  });
});
