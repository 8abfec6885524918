import { expect, test } from 'vitest';

import { atTicks } from '../../../server/video/sampling/ticks.js';
import type { TickOptions } from '../../../server/video/sampling/ticks.js';
import { SourceNotes } from '../../../server/video/sampling/source-notes.js';

/** A picture identified by its only pixel. */
function pictureOf(value: number) {
  return { width: 1, height: 1, rgb: new Uint8Array([value, value, value]) };
}

const nothingFound = {
  pictureAt: () => Promise.resolve(undefined),
  lastPicture: () => Promise.resolve(undefined),
  end: () => null,
};

/** Times and pixels of the resulting frames; the n-th picture has the value n. */
async function ticks(times: readonly { at: number; standing?: number }[], options: TickOptions) {
  async function* pictures() {
    for (const [n, { at, standing }] of times.entries()) {
      const timed = { picture: pictureOf(n), videoTime: at };
      yield await Promise.resolve({ ...timed, ...(standing !== undefined && { standing }) });
    }
  }
  const notes = new SourceNotes();
  const frames: [time: number, pixel: number][] = [];
  const buffers = new Set<unknown>();
  for await (const { videoTime, picture } of atTicks(pictures(), options, notes)) {
    frames.push([videoTime, picture.rgb[0] ?? NaN]);
    buffers.add(picture.rgb.buffer);
  }
  expect(buffers.size).toBe(frames.length);
  return { frames, notes: notes.lines };
}

test('of each interval the first picture is taken', async () => {
  const { frames } = await ticks([{ at: 0.1 }, { at: 0.2 }, { at: 0.5 }, { at: 1.2 }], { fps: 2 });
  expect(frames).toEqual([
    [0.1, 0],
    [0.5, 2],
    [1.2, 3],
  ]);
});

test('before the first picture nothing is shown', async () => {
  const { frames } = await ticks([{ at: 3 }, { at: 3.5 }], { fps: 2, hold: nothingFound });
  expect(frames).toEqual([
    [3, 0],
    [3.5, 1],
  ]);
});

test('an interval without a picture shows the one before, at its tick', async () => {
  const { frames } = await ticks([{ at: 0 }, { at: 1.7 }], { fps: 2, hold: nothingFound });
  expect(frames).toEqual([
    [0, 0],
    [0.5, 0],
    [1, 0],
    [1.7, 1],
  ]);
});

test('or a newer one that was showing then', async () => {
  const asked: number[] = [];
  const hold = {
    ...nothingFound,
    pictureAt: (time: number) => {
      asked.push(time);
      return Promise.resolve(pictureOf(99));
    },
  };
  const { frames } = await ticks([{ at: 0 }, { at: 1, standing: 0.4 }], { fps: 2, hold });
  expect(frames).toEqual([
    [0, 0],
    [0.5, 99],
    [1, 1],
  ]);
  expect(asked).toEqual([0.4]);
});

test('when missed ticks are skipped, nothing is held', async () => {
  const { frames } = await ticks([{ at: 0 }, { at: 60.2 }, { at: 60.3 }], { fps: 2 });
  expect(frames).toEqual([
    [0, 0],
    [60.2, 1],
  ]);
});

test.each([
  [2, 1200],
  [0.1, 60],
])('a gap of ten hours, at %d frames a second, is held for ten minutes and noted', async (fps, held) => {
  const { frames, notes } = await ticks([{ at: 0 }, { at: 36_000 }], { fps, hold: nothingFound });
  expect(frames).toHaveLength(1 + held + 1);
  expect(frames.at(-2)?.[0]).toBe(600);
  expect(frames.at(-1)).toEqual([36_000, 1]);
  expect(notes).toEqual([
    expect.stringMatching(/^no picture came from 6[01]\d(\.\d)? s to 36000 s: so long a gap is skipped/),
  ]);
});

test('the last picture is held to the end of the video', async () => {
  const hold = { ...nothingFound, end: () => 2.2, lastPicture: () => Promise.resolve(pictureOf(7)) };
  const { frames } = await ticks([{ at: 0 }, { at: 0.5 }], { fps: 2, hold });
  expect(frames).toEqual([
    [0, 0],
    [0.5, 1],
    [1, 7],
    [1.5, 7],
    [2, 7],
  ]);
});

test('but not for the moment by which most sound is longer', async () => {
  const { frames } = await ticks([{ at: 0 }, { at: 0.5 }], {
    fps: 2,
    hold: { ...nothingFound, end: () => 1.9 },
  });
  expect(frames).toHaveLength(2);
});

test('and for ten minutes at most, whatever length a video claims', async () => {
  const hold = { ...nothingFound, end: () => 1e9 };
  const { frames, notes } = await ticks([{ at: 0 }], { fps: 2, hold });
  expect(frames).toHaveLength(1201);
  expect(notes).toHaveLength(1);
});
