import { expect, test } from 'vitest';
import { follow } from '../../../client/page/playback/follow.js';
import { ServerClock } from '../../../client/page/playback/server-clock.js';

/** Plays 60 pictures a second against a clock and gives the difference in seconds at each of them. */
function play(
  seconds: number,
  startsAt: number,
  clock: (t: number) => number,
): { errors: number[]; seeks: number } {
  let at = startsAt;
  let seeks = 0;
  const errors: number[] = [];
  for (let tick = 0; tick < seconds * 60; tick += 1) {
    const order = follow(at, clock(tick / 60));
    if (order.type === 'seek') {
      at = order.to;
      seeks += 1;
    } else if (order.type === 'play') at += order.rate / 60;
    errors.push(at - clock(tick / 60));
  }
  return { errors, seeks };
}

const worst = (errors: number[]): number => Math.max(...errors.map(Math.abs));

test.each([-0.9, -0.4, 0.15, 0.6, 0.9])(
  'an element that is %f s off comes within 0.1 s without a jump',
  (off) => {
    const { errors, seeks } = play(6, 5 + off, (t) => 5 + t);
    expect(seeks).toBe(0);
    expect(worst(errors.slice(-60))).toBeLessThan(0.1);
  },
);

test('more than a second is jumped over, once', () => {
  const { errors, seeks } = play(5, 0, (t) => 30 + t);
  expect(seeks).toBe(1);
  expect(worst(errors.slice(1))).toBeLessThan(0.25);
});

test('the speed never changes by more than a quarter', () => {
  for (let off = -1; off <= 1; off += 0.01) {
    const order = follow(10 + off, 10);
    if (order.type === 'play') expect(Math.abs(order.rate - 1)).toBeLessThan(0.2501);
  }
});

test('an element ahead of a clock that stands still waits', () => {
  const { errors } = play(3, 5, (t) => Math.min(5 + t, 6));
  expect(worst(errors.slice(-60))).toBeLessThan(0.25);
});

test('between frames the clock runs on with the wall clock', () => {
  const clock = new ServerClock(2);
  clock.frame(0, 1000);
  clock.frame(0.5, 1500);
  expect(clock.now(1800)).toBeCloseTo(0.8);
});

test('the frame with the least delay sets the clock', () => {
  const clock = new ServerClock(2);
  clock.frame(0, 1300);
  clock.frame(0.5, 1520);
  clock.frame(1, 2400);
  expect(clock.now(2400)).toBeCloseTo(1.38);
});

test('frames that come late because the model talks leave the clock as it is', () => {
  const clock = new ServerClock(2);
  clock.frame(1, 1000);
  for (const videoTime of [1.5, 2, 2.5]) clock.frame(videoTime, 2600);
  expect(clock.now(2600)).toBeCloseTo(2.6);
});

test('the clock waits for a model that has fallen behind', () => {
  const clock = new ServerClock(2);
  clock.frame(1, 2000);
  expect(clock.now(9000)).toBeCloseTo(2.3);
});

test('before the first frame, and after a restart, the clock says nothing', () => {
  const clock = new ServerClock(2);
  expect(clock.now(0)).toBeNull();
  clock.frame(1, 2000);
  clock.restart();
  expect(clock.now(2100)).toBeNull();
});
