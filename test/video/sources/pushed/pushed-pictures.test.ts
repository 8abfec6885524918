import sharp from 'sharp';
import { describe, expect, test } from 'vitest';

import type { Picture, VideoFrame } from '../../../../server/video/frame.js';
import { PushedPictures } from '../../../../server/video/sources/pushed/pushed-pictures.js';
import { SamplingGrid } from '../../../../server/video/sampling/grid.js';
import { settle } from '../../../support/manual-time.js';

/** A raw gray picture of 4 x 4, of one shade. */
function gray(shade: number) {
  return { type: 'rgb', width: 4, height: 4, bytes: new Uint8Array(48).fill(shade) } as const;
}

function pixel({ width, rgb }: Picture, x: number, y: number): number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** A tile of the given width: two rows of white, two of black. */
function stripe(width: number): Promise<Buffer> {
  const white = { create: { width, height: 2, channels: 3 as const, background: 'white' } };
  return sharp({ create: { width, height: 4, channels: 3, background: 'black' } })
    .composite([{ input: white, left: 0, top: 0 }])
    .png()
    .toBuffer();
}

/** Reads a source to its end. */
async function readAll(source: PushedPictures): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of source) frames.push(frame);
  return frames;
}

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
  test('stretches them over the square if asked to', async () => {
    const source = new PushedPictures({ fps: 2, side: 8, fit: 'stretch' });
    const pushed = source.push({ type: 'encoded', bytes: await stripe(200) }, 0);
    source.end();
    const [frame] = await readAll(source);
    expect(await pushed).toBe('taken');
    const rows = Array.from({ length: 8 }, (_, y) => (frame ? pixel(frame.picture, 4, y)[0] : undefined));
    expect([rows[0], rows[1], rows[6], rows[7]]).toEqual([255, 255, 0, 0]);
  });

  test('is a live video of those pictures, at the times they were given', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
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

  test('passes frames on as they arrive', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
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
    const source = new PushedPictures({ fps: 2, side: 8 });
    const pushes = times.map((time) => source.push(gray(0), time));
    await expect(pushes[at]).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
  });

  test('drops the oldest waiting pictures when there are too many, and counts them', async () => {
    const source = new PushedPictures({ fps: 10, side: 8, queueLimit: 3 });
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

  test('continues without a picture that cannot be decoded', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
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

  test('counts what it skipped, by reason, for the end of the source', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
    const broken = { type: 'encoded', bytes: Buffer.from('garbage') } as const;
    for (const [picture, time] of [
      [gray(1), 0],
      [broken, 1],
      [gray(1), 1],
      [gray(1), NaN],
      [broken, 2],
    ] as const)
      void source.push(picture, time);
    source.skipBroken('a message of 3 bytes');
    source.end();
    expect(await readAll(source)).toHaveLength(1);
    expect(source.warnings).toEqual([
      expect.stringMatching(/^skipped 1 pictures that had a time that was not above .*is 1 seconds/),
      expect.stringMatching(/^skipped 1 pictures that had a time that no clock shows.*is NaN seconds/),
      expect.stringMatching(/^skipped 3 pictures that were broken; the last one: .*7 bytes is neither/),
    ]);
  });

  test('reports that the clock was changed', async () => {
    const source = new PushedPictures({ fps: 2, side: 8, queueLimit: 9 });
    const notices: unknown[] = [];
    source.listen((notice) => notices.push(notice));
    for (const time of [50, 50.5, 0, 0.5, 1, 1.5]) void source.push(gray(0), time);
    source.end();
    expect((await readAll(source)).map(({ videoTime }) => videoTime)).toEqual([50, 50.5, 52, 52.5]);
    expect(notices).toEqual([{ type: 'source.clock.changed', pushedTime: 1, offset: 51 }]);
  });

  test.each(['jpeg', 'png', 'webp'] as const)(
    'shows a large %s as the model sees a video of it',
    async (format) => {
      const stripes = sharp({
        create: { width: 1000, height: 700, channels: 3, background: 'black' },
      }).composite([
        // Stripes of 2 pixels, which a scaler that skips pixels turns into noise.
        { input: await stripe(1000), tile: true, left: 0, top: 0 },
      ]);
      const source = new PushedPictures({ fps: 2, side: 64 });
      void source.push({ type: 'encoded', bytes: await stripes.toFormat(format).toBuffer() }, 0);
      source.end();
      const [frame] = await readAll(source);
      const [middle] = frame ? pixel(frame.picture, 32, 32) : [];
      expect(middle).toBeGreaterThan(112);
      expect(middle).toBeLessThan(144);
      expect(source.info).toMatchObject({ width: 1000, height: 700 });
      // 64 x 44 between 10 rows of black: the place is that of the full picture.
      expect(frame ? [pixel(frame.picture, 32, 9)[0], pixel(frame.picture, 32, 54)[0]] : []).toEqual([0, 0]);
    },
  );

  test('discards pictures that arrive while it is paused', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
    const pushes = [source.push(gray(0), 0)];
    source.pause();
    pushes.push(source.push(gray(1), 1));
    source.resume();
    pushes.push(source.push(gray(2), 2));
    source.end();
    expect((await readAll(source)).map(({ videoTime }) => videoTime)).toEqual([2]);
    expect(await Promise.all(pushes)).toEqual(['skipped', 'skipped', 'taken']);
  });

  test('ends after maxFrames, and then takes nothing', async () => {
    const source = new PushedPictures({ fps: 2, side: 8, maxFrames: 2 });
    const pushes = [0, 1, 2].map((time) => source.push(gray(0), time));
    expect(await readAll(source)).toHaveLength(2);
    expect(await pushes[2]).toBe('skipped');
    await expect(source.push(gray(0), 3)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/after the end/) as string,
    });
  });

  test('is emptied by disposal, which ends a waiting reader', async () => {
    const source = new PushedPictures({ fps: 2, side: 8 });
    const waiting = source.push(gray(0), 0);
    await source[Symbol.asyncDispose]();
    expect(await waiting).toBe('skipped');
    expect(await readAll(source)).toEqual([]);
    await expect(readAll(source)).rejects.toMatchObject({ code: 'internal' });
  });
});
