import { expect, test } from 'vitest';
import {
  firstTurnState,
  takeTurn,
  type TurnFrame,
  type TurnSettings,
} from '../../../server/duet/policy/take-turn.js';
import { defaultSettings } from '../../../server/settings/session-settings.js';

const byThreshold: TurnSettings = {
  ...defaultSettings.live,
  ...{ heads: ['informative'], policy: { type: 'threshold', threshold: 0.5 }, cooldown: 0 },
};

const frame = (videoTime: number, informative: number, relevance = 0): TurnFrame => ({
  ...{ videoTime, informative, relevance },
});

/** Answer and reason after each frame. */
function answers(settings: TurnSettings, frames: readonly TurnFrame[]): readonly string[] {
  let state = firstTurnState;
  return frames.map((each) => {
    const { decision, next } = takeTurn(settings, state, each);
    state = next;
    return `${decision.answer}: ${decision.reason}`;
  });
}

test.each([
  [['informative'], 0.25],
  [['relevance'], 0.5],
  [['informative', 'relevance'], 0.75],
  [['relevance', 'informative'], 0.75],
] as const)('the heads %j add up to %d', (heads, score) => {
  expect(takeTurn({ ...byThreshold, heads }, firstTurnState, frame(0, 0.25, 0.5)).score).toBe(score);
});

test('no cooldown applies before the first reply, however long it is', () => {
  expect(answers({ ...byThreshold, cooldown: 86_400 }, [frame(0, 0.9)])).toEqual(['speak: fired']);
});

test('a reply that comes too soon is suppressed, one after exactly the cooldown is not', () => {
  const frames = [frame(0, 0.9), frame(1.999, 0.9), frame(2, 0.9), frame(3, 0.1)];
  expect(answers({ ...byThreshold, cooldown: 2 }, frames)).toEqual([
    'speak: fired',
    'suppress: cooldown',
    'speak: fired',
    'silent: score_not_above_threshold',
  ]);
});

test('a suppressed reply starts no new cooldown and does not reset the sum', () => {
  const settings: TurnSettings = { ...byThreshold, policy: { type: 'sum', threshold: 1 }, cooldown: 3 };
  const frames = [frame(0, 1.5), frame(1, 0.75), frame(2, 0.75), frame(3, 0)];
  expect(answers(settings, frames)).toEqual([
    'speak: fired',
    'silent: sum_not_above_threshold',
    'suppress: cooldown',
    'speak: fired',
  ]);
});

test('a suppressed reply says what its score was compared with', () => {
  const spoken = takeTurn(byThreshold, firstTurnState, frame(0, 0.9)).next;
  const { decision } = takeTurn({ ...byThreshold, cooldown: 5 }, spoken, frame(1, 0.9));
  expect(decision).toEqual({ answer: 'suppress', reason: 'cooldown', threshold: 0.5 });
});

test('the running sum is reported for the sum policy, before it is reset', () => {
  const sum: TurnSettings = { ...byThreshold, policy: { type: 'sum', threshold: 0.5 } };
  const { runningSum, next } = takeTurn(sum, firstTurnState, frame(0, 0.75));
  expect([runningSum, next.memory.runningSum]).toEqual([0.75, 0]);
  expect(takeTurn(byThreshold, firstTurnState, frame(0, 0.75)).runningSum).toBeNull();
});

test('deciding does not change its inputs, so that a record can be decided again', () => {
  const settings: TurnSettings = {
    ...byThreshold,
    policy: { type: 'zscore', deviations: 1, window: 3, warmUp: 0 },
  };
  const frames = [0.1, 0.9, 0.2, 0.8, 0.1, 1].map((score, second) => frame(second, score));
  const before = structuredClone(firstTurnState);
  expect(answers(settings, frames)).toEqual(answers(settings, frames));
  expect(firstTurnState).toEqual(before);
});

test('a new policy continues with the frame count and sum so far', () => {
  const first = takeTurn(byThreshold, firstTurnState, frame(0, 0.4)).next;
  const sum: TurnSettings = { ...byThreshold, policy: { type: 'sum', threshold: 0.75 } };
  expect(takeTurn(sum, first, frame(1, 0.4)).decision.answer).toBe('speak');
});

test('policies that ignore picture changes and texts decide the same without them', () => {
  const seen: TurnFrame = { ...frame(0, 0.9), pictureChange: 0, texts: ['What is it?'] };
  expect(takeTurn(byThreshold, firstTurnState, seen)).toEqual(
    takeTurn(byThreshold, firstTurnState, frame(0, 0.9)),
  );
});
