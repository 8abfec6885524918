import { expect, test } from 'vitest';

import { PlaybackClock } from '../../../server/video/sampling/playback-clock.js';
import { ManualTime, settle } from '../../support/manual-time.js';

const never = new AbortController().signal;

/** Starts a wait and records the wall time at which it ended. */
function watch(
  clock: PlaybackClock,
  time: ManualTime,
  videoTime: number,
  signal = never,
): { at: number | undefined } {
  const gone: { at: number | undefined } = { at: undefined };
  void clock.wait(videoTime, signal).then(() => {
    gone.at = time.now();
  });
  return gone;
}

test('fast releases every frame at once', async () => {
  const time = new ManualTime();
  const clock = new PlaybackClock('fast', time);
  const gone = watch(clock, time, 1000);
  await settle();
  expect(gone.at).toBe(0);
});

test('realtime releases frames at their time, counted from the first frame', async () => {
  const time = new ManualTime();
  const clock = new PlaybackClock('realtime', time);
  await time.advance(700);
  await clock.wait(2, never);
  expect(time.now()).toBe(700);
  const gone = watch(clock, time, 2.5);
  await settle();
  await time.advance(499);
  expect(gone.at).toBeUndefined();
  await time.advance(1);
  expect(gone.at).toBe(1200);
});

test('realtime does not drift: a late reader gets all due frames, and the next at its own time', async () => {
  const time = new ManualTime();
  const clock = new PlaybackClock('realtime', time);
  await clock.wait(0, never);
  await time.advance(1030);
  await clock.wait(0.5, never);
  await clock.wait(1, never);
  const gone = watch(clock, time, 1.5);
  await settle();
  await time.advance(470);
  expect(gone.at).toBe(1500);
});

test('a million frames later the clock is exact', async () => {
  const time = new ManualTime();
  const clock = new PlaybackClock('realtime', time);
  await clock.wait(0, never);
  await time.advance(999_999 * 40);
  const gone = watch(clock, time, 1_000_000 / 25);
  await settle();
  await time.advance(39);
  expect(gone.at).toBeUndefined();
  await time.advance(1);
  expect(gone.at).toBe(40_000_000);
});

test.each(['fast', 'realtime'] as const)(
  'while paused no frame of a %s video is released',
  async (pacing) => {
    const time = new ManualTime();
    const clock = new PlaybackClock(pacing, time);
    await clock.wait(0, never);
    clock.pause();
    const gone = watch(clock, time, 0.1);
    await settle();
    await time.advance(5000);
    expect(gone.at).toBeUndefined();
    clock.resume();
    await settle();
    await time.advance(100);
    expect(gone.at).toBeDefined();
  },
);

test('a pause during a wait delays what follows by its length', async () => {
  const time = new ManualTime();
  const clock = new PlaybackClock('realtime', time);
  await clock.wait(0, never);
  const gone = watch(clock, time, 1);
  await settle();
  await time.advance(400);
  clock.pause();
  await settle();
  clock.pause();
  await time.advance(3000);
  clock.resume();
  clock.resume();
  await settle();
  await time.advance(599);
  expect(gone.at).toBeUndefined();
  await time.advance(1);
  expect(gone.at).toBe(4000);
});

test.each([false, true])('an aborted signal ends the wait (paused: %s)', async (paused) => {
  const time = new ManualTime();
  const clock = new PlaybackClock('realtime', time);
  await clock.wait(0, never);
  if (paused) clock.pause();
  const stop = new AbortController();
  const gone = watch(clock, time, 100, stop.signal);
  await settle();
  expect(gone.at).toBeUndefined();
  stop.abort();
  await settle();
  expect(gone.at).toBe(0);
  expect(time.sleeping).toBe(0);
});
