import { expect, test } from 'vitest';
import { reduceWith } from '../../../client/page/state/reduce.js';
import { UnshownFrames } from '../../../client/page/state/reduce-frames.js';
import { emptyView, type DuetView } from '../../../client/page/state/view.js';
import { frame } from '../wire-events.js';

test('frames between two pictures of the screen share a list, which changes no more once it is shown', () => {
  const frames = new UnshownFrames();
  const after = (view: DuetView, ...times: readonly number[]): DuetView =>
    times.reduce((before, time) => reduceWith(before, frame({ video_time: time }), frames.append), view);
  const [one, two] = [after(emptyView, 1), after(after(emptyView, 1), 2)];
  expect([one.frames, two.frames].map(({ length }) => length)).toEqual([1, 2]);
  const first = after(emptyView, 1, 2);
  const second = after(first, 3);
  expect(second.frames).toBe(first.frames);
  frames.shown();
  const third = after(second, 4, 5);
  expect([second, third].map((view) => view.frames.map(({ video_time }) => video_time))).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4, 5],
  ]);
  expect([third.frameCount, third.turns, emptyView.frames]).toEqual([5, [], []]);
});
