import { expect, test } from 'vitest';
import type { FrameDelay } from '../../../server/duet/record/session-state.js';
import { FrameDelays } from '../../../server/duet/watching/frame-delays.js';
import { plainPicture } from '../../../server/runtime/scripted/scripted-model.js';

/** Delays of frames at two a second, with a clock in the test's hand. */
function start(live: boolean) {
  const clock = { ms: 1000 };
  const told: FrameDelay[] = [];
  const delays = new FrameDelays(
    () => clock.ms,
    live,
    (delay) => told.push(delay),
  );
  const arrive = (index: number) => {
    delays.arrived({ index, videoTime: index / 2, picture: plainPicture(0) });
  };
  const score = (frameIndex: number) => {
    const scores = { informativeScore: 0, relevanceScore: 0, score: 0, threshold: 0 };
    const frame = { type: 'frame.scored', frameIndex, ...scores, fired: false, runningSum: null } as const;
    delays.heard({
      ...frame,
      reason: 'score_not_above_threshold',
      pictureChange: null,
      questionId: null,
      questions: [],
    });
  };
  return { clock, told, delays, arrive, score };
}

test('a frame of a live source is late by the time from its arrival to its score', () => {
  const { clock, told, arrive, score } = start(true);
  arrive(0);
  clock.ms += 30;
  score(0);
  clock.ms += 900;
  arrive(1);
  clock.ms += 50;
  score(1);
  expect(told).toEqual([
    { lateMs: 30, waitedMs: 30 },
    { lateMs: 50, waitedMs: 50 },
  ]);
});

test('a frame of a recording that a full queue held back is late all the same', () => {
  const { clock, told, arrive, score } = start(false);
  arrive(0);
  score(0);
  clock.ms += 2000;
  arrive(1);
  score(1);
  expect(told.at(-1)).toEqual({ lateMs: 1500, waitedMs: 1500 });
});

test('a pause makes no frame late', () => {
  const { clock, told, delays, arrive, score } = start(false);
  arrive(0);
  score(0);
  delays.paused();
  clock.ms += 60_000;
  delays.paused();
  arrive(1);
  clock.ms += 10;
  score(1);
  expect(told.at(-1)).toEqual({ lateMs: 10, waitedMs: 10 });
});

test('what a frame waits for a reply of its own session is not counted as waiting for others', () => {
  const { clock, told, delays, arrive, score } = start(true);
  arrive(0);
  score(0);
  delays.heard({ type: 'response.started', questionId: null, responseId: 'a', frameIndex: 0 });
  clock.ms += 300;
  arrive(1);
  clock.ms += 200;
  const timing = { firedMs: 0, firstTokenMs: 0, finishedMs: 0 };
  delays.heard({
    ...{ type: 'response.done', questionId: null, responseId: 'a', status: 'completed', finish: 'end' },
    ...{ text: '', tokens: 1, kept: true, timing },
  });
  clock.ms += 40;
  score(1);
  expect(told.at(-1)).toEqual({ lateMs: 240, waitedMs: 40 });
});

test('a frame that was dropped, or is looked at again, tells nothing', () => {
  const { told, arrive, score } = start(true);
  for (const index of [0, 1, 2]) arrive(index);
  score(2);
  score(2);
  score(1);
  expect(told).toHaveLength(1);
});
