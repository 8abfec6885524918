import { expect, test } from 'vitest';
import { maxVideoTime } from '../../../../server/protocol/limits.js';
import { latestPictureTime, PictureClock } from '../../../../server/video/sources/pushed/picture-clock.js';

/** What becomes of pushed times at 2 pictures a second: video times, or null when skipped. */
function videoTimes(pushed: readonly number[]): (number | null)[] {
  const clock = new PictureClock(0.5);
  return pushed.map((time) => {
    const reading = clock.read(time);
    return reading.type === 'time' ? reading.videoTime : null;
  });
}

const now = 1_790_000_000.125;

test.each([
  ['an even clock', [0, 0.5, 1], [0, 0.5, 1]],
  ['a clock that does not begin at 0, with gaps', [7, 9, 5000], [7, 9, 5000]],
  ['a Unix clock with milliseconds', [now, now + 0.001, now + 0.5], [now, now + 0.001, now + 0.5]],
  ['a repeated time', [1, 1, 1, 1, 1.5], [1, null, null, null, 1.5]],
  ['a picture that comes late', [1, 2, 1.5, 2.5, 3], [1, 2, null, 2.5, 3]],
  ['one time lost in between', [100, 0, 100.5, 101], [100, null, 100.5, 101]],
  ['one time far ahead', [10, now, 10.5, 11], [10, null, 10.5, 11]],
  ['times that no clock shows', [1, NaN, -3, Infinity, 2e11, 1.5], [1, null, null, null, null, 1.5]],
  ['a camera that starts anew', [100, 0, 0.5, 1, 1.5], [100, null, null, 101.5, 102]],
  ['a camera that starts anew after a second', [0.5, 1, 0, 0.2, 0.4, 2], [0.5, 1, null, null, 1.9, 3.5]],
  ['a camera that starts anew twice', [9, 1, 2, 3, 1, 2, 3, 4], [9, null, null, 11.5, null, null, 14, 15]],
  ['a clock that is set by the network', [1, 2, now, now + 1, now + 2], [1, 2, null, null, now + 2]],
])('%s: %j', (_what, pushed, expected) => {
  expect(videoTimes(pushed)).toEqual(expected);
});

test('a changed clock reports its offset, and video time continues from there', () => {
  const clock = new PictureClock(0.5);
  const readings = [60, 0, 0.5, 1, 1.5].map((time) => clock.read(time));
  expect(readings[3]).toEqual({ type: 'time', videoTime: 61.5, change: { pushedTime: 1, offset: 60.5 } });
  expect(readings[4]).toEqual({ type: 'time', videoTime: 62, change: null });
});

test("a refused time is named with the accepted range, on the client's clock", () => {
  const clock = new PictureClock(0.5);
  for (const time of [60, 0, 0.5, 1]) clock.read(time);
  expect(clock.read(0.5)).toMatchObject({ message: expect.stringContaining('must be above 1,') as string });
  expect(clock.read(Date.UTC(2026, 10, 30))).toMatchObject({
    message: expect.stringContaining('seconds, not milliseconds') as string,
  });
  expect(clock.read(NaN)).toMatchObject({ message: expect.stringContaining('must be a number') as string });
});

test('whatever arrives, video times increase', () => {
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const clock = new PictureClock(0.5);
  const taken: number[] = [];
  let time = 0;
  for (let k = 0; k < 20_000; k += 1) {
    const dice = random();
    if (dice < 0.01) time = 0;
    else if (dice < 0.02) time = random() * 2e9;
    else time += random();
    const pushed = dice > 0.97 ? [NaN, -1, time - 5, time + 1e6][k % 4] : time;
    const reading = clock.read(pushed ?? 0);
    if (reading.type === 'time') taken.push(reading.videoTime);
  }
  expect(taken.length).toBeGreaterThan(15_000);
  expect(taken.every((videoTime, k) => k === 0 || videoTime > (taken[k - 1] ?? 0))).toBe(true);
});

test('texts may have every time that pictures may have', () => {
  expect(maxVideoTime).toBe(latestPictureTime);
});
