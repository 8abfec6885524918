import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import { DeliveryClock } from '../../../server/scoring/runner/play/delivery-clock.js';

const nothing = { seq: 0, frameIndex: 0, informativeScore: 0, relevanceScore: 0, score: 0 };

function scored(videoTime: number, elapsedMs: number): SessionEvent {
  const decision = {
    threshold: null,
    runningSum: null,
    pictureChange: null,
    questionId: null,
    questions: [],
    fired: false,
    reason: 'policy_never',
  } as const;
  return { ...nothing, ...decision, type: 'frame.scored', videoTime, elapsedMs };
}

function replied(videoTime: number, elapsedMs: number): SessionEvent {
  const timing = { firedMs: 0, firstTokenMs: null, finishedMs: 0 };
  return {
    ...{
      type: 'response.done',
      questionId: null,
      seq: 0,
      videoTime,
      elapsedMs,
      responseId: 'r',
      status: 'completed',
    },
    ...{ finish: 'end', tokens: 3, kept: false, text: 'Now.', timing },
  };
}

const opened: SessionEvent = {
  ...{ type: 'source.opened', seq: 0, videoTime: 0, elapsedMs: 1000, source: 'clip', samplingFps: 2 },
  info: { width: 1, height: 1, fps: 30, duration: 9, codec: 'h264', live: false },
};

function deliveries(pacing: 'fast' | 'realtime', events: readonly SessionEvent[]): (number | null)[] {
  const clock = new DeliveryClock(pacing);
  return events.map((event) => clock.hear(event)).filter((time) => time !== null);
}

test('a fast run computes: no frame is scored before its time, and a reply takes as long as it took', () => {
  const events = [opened, scored(0, 1010), scored(0.5, 1020), replied(0.5, 1320)];
  expect(deliveries('fast', events)).toEqual([expect.closeTo(0.5 + 0.01 + 0.3, 9)]);
});

test('a fast run that cannot keep up delivers later and later', () => {
  const events = [opened, scored(0, 3000), replied(0, 3500), scored(0.5, 5500), replied(0.5, 6000)];
  expect(deliveries('fast', events)).toEqual([expect.closeTo(2.5, 9), expect.closeTo(5, 9)]);
});

test('a realtime run measures from the opening of the source', () => {
  const events = [opened, scored(0.5, 1520), replied(0.5, 1800)];
  expect(deliveries('realtime', events)).toEqual([expect.closeTo(0.8, 9)]);
});
