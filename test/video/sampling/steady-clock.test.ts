import { expect, test } from 'vitest';

import type { StampedPicture } from '../../../server/video/ffmpeg/decoder.js';
import { SourceNotes } from '../../../server/video/sampling/source-notes.js';
import { onSteadyClock } from '../../../server/video/sampling/steady-clock.js';
import type { StreamNotice } from '../../../server/video/stream.js';

const picture = { width: 1, height: 1, rgb: new Uint8Array(3) };

/** The resulting times of pictures with these times (milliseconds), and the notes. */
async function steady(
  times: readonly number[],
  options: {
    live?: boolean;
    shift?: number;
    previous?: Readonly<Record<number, number>>;
    /** Wall time in milliseconds at which each picture comes; default its own time. */
    at?: readonly number[];
  } = {},
) {
  const { live = false, shift = 0, previous = {}, at = times } = options;
  const notes = new SourceNotes();
  const told: StreamNotice[] = [];
  notes.tell = (notice) => told.push(notice);
  let wall = 0;
  const now = () => wall;
  async function* arriving(items: readonly StampedPicture[]): AsyncGenerator<StampedPicture> {
    for (const [index, item] of items.entries()) {
      wall = at[index] ?? 0;
      yield await Promise.resolve(item);
    }
  }
  const stamped = times.map((pts, at): StampedPicture => {
    const previousTime = previous[at];
    const stamp = { pts, timeBase: { numerator: 1, denominator: 1000 }, width: 1, height: 1 };
    return { picture, stamp: { ...stamp, ...(previousTime !== undefined && { previousTime }) } };
  });
  const seconds: number[] = [];
  for await (const { videoTime } of onSteadyClock(
    arriving(stamped),
    { shift, interval: 0.5, live, now },
    notes,
  )) {
    seconds.push(videoTime);
  }
  return { seconds, notes: notes.lines, told };
}

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

test('increasing times are kept, gaps included', async () => {
  const { seconds, notes } = await steady([3000, 3500, 64_000, 124_000, 124_500]);
  expect(seconds).toEqual([3, 3.5, 64, 124, 124.5]);
  expect(notes).toEqual([]);
});

test('a shift moves all times by whole units of the container', async () => {
  expect((await steady([0, 500], { shift: 0.0231 })).seconds).toEqual([0.023, 0.523]);
});

test.each([
  ['far ahead', [0, 500, 9_000_000, 1000, 1500], [0, 0.5, 1, 1.5]],
  ['far back', [0, 500, -9_000_000, 1000, 1500], [0, 0.5, 1, 1.5]],
  ['missing', [0, 500, NaN, 1000, 1500], [0, 0.5, 1, 1.5]],
  ['repeated', [0, 500, 500, 1000, 1500], [0, 0.5, 1, 1.5]],
  ['a little back', [0, 500, 480, 1000, 1500], [0, 0.5, 1, 1.5]],
])('a time that is %s costs only its own picture, and is noted', async (_, times, expected) => {
  const { seconds, notes } = await steady(times);
  expect(seconds).toEqual(expected);
  expect(notes).toEqual(['left out: 1 pictures whose time is missing or does not fit the clock']);
});

test('time continues after a clock is set back', async () => {
  const { seconds, notes } = await steady([0, 500, 1000, 0, 500, 1000, 1500]);
  expect(seconds).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
  expect(notes).toEqual(['the clock was set back at 1 s; time goes on from there']);
});

test("it continues from the old clock's last picture, if the decoder reports its time", async () => {
  const { seconds } = await steady([0, 500, 1000, 0, 500], { previous: { 3: 1.25 } });
  expect(seconds).toEqual([0, 0.5, 1, 1.75, 2.25]);
});

test('every clock that was set back is counted', async () => {
  const round = [0, 500, 1000];
  const { seconds, notes } = await steady([...round, ...round, ...round]);
  expect(seconds).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]);
  expect(notes).toEqual(['the clock was set back at 1 s (and 1 times more); time goes on from there']);
});

test('a recorded picture after a long gap waits for the next, except at the end of the video', async () => {
  expect((await steady([0, 60_000])).seconds).toEqual([0, 60]);
  expect((await steady([0, 500, 0])).seconds).toEqual([0, 0.5]);
});

test('a live picture after a long gap is passed on at once', async () => {
  const notes = new SourceNotes();
  const stamp = { timeBase: { numerator: 1, denominator: 1 }, width: 1, height: 1 };
  const pictures = from([0, 60].map((pts) => ({ picture, stamp: { ...stamp, pts } })));
  async function* endless() {
    yield* pictures;
    await new Promise(() => undefined);
  }
  const wall = [0, 60_000];
  const now = () => wall.shift() ?? 60_000;
  const times = onSteadyClock(endless(), { shift: 0, interval: 0.5, live: true, now }, notes);
  expect((await times.next()).value).toMatchObject({ videoTime: 0 });
  expect((await times.next()).value).toMatchObject({ videoTime: 60 });
});

test.each([
  ['set back', [5000, 5500, 100, 600, 1100], [5, 5.5, 9, 9.5], 2],
  ['set far forward', [5000, 5500, 900_000, 900_500, 901_000], [5, 5.5, 8.5, 9, 9.5], 2],
])('a live clock that is %s goes on by what has passed here, and is told once', async (_, times) => {
  const at = [0, 500, 3500, 4000, 4500];
  const { seconds, told } = await steady(times, { live: true, at });
  expect(told).toMatchObject([{ type: 'source.clock.changed' }]);
  expect(seconds.map((each) => Number(each.toFixed(6)))).toEqual([5, 5.5, 8.5, 9, 9.5]);
  const [change] = told;
  if (change?.type !== 'source.clock.changed') throw new Error('nothing was told');
  expect((times.at(-1) ?? 0) / 1000 + change.offset).toBeCloseTo(9.5, 6);
});

test('times increase whatever the container says', async () => {
  // A fixed sequence of jumps in all directions, from a linear congruential generator.
  let state = 1;
  const times = Array.from({ length: 2000 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 7 === 0 ? NaN : (state % 90_000) - 30_000;
  });
  for (const live of [false, true]) {
    const { seconds } = await steady(times, { live });
    expect(seconds.length).toBeGreaterThan(100);
    for (const [at, time] of seconds.entries()) expect(time).toBeGreaterThan(seconds[at - 1] ?? -Infinity);
  }
});
