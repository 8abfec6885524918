import { describe, expect, test } from 'vitest';
import { firstTurnState, takeTurn, type TurnSettings } from '../../../server/duet/policy/take-turn.js';
import { aimedAtRate, rememberScore, type TimedScore } from '../../../server/duet/policy/talk-rate.js';
import { seededRandom } from '../../../server/scoring/statistics/random.js';
import type { PolicySettings } from '../../../server/settings/policies.js';
import { defaultSettings } from '../../../server/settings/session-settings.js';

const settings: TurnSettings = {
  ...defaultSettings.live,
  ...{ heads: ['informative'], policy: { type: 'threshold', threshold: 0.3 }, cooldown: 0 },
};

/** Plays minutes of random scores, each to the power of `skew`, at 2 frames a second. */
function play(change: Partial<TurnSettings>, minutes: number, skew = 1) {
  const random = seededRandom(7);
  let state = firstTurnState;
  const frames = Array.from({ length: minutes * 120 }, (_, index) => {
    const frame = { videoTime: index / 2, informative: random() ** skew, relevance: 0 };
    const { decision, next } = takeTurn({ ...settings, ...change }, state, frame);
    state = next;
    return { ...frame, ...decision };
  });
  const fired = frames.filter(({ answer }) => answer === 'speak').map(({ videoTime }) => videoTime);
  return { frames, state, fired };
}

const policies: readonly PolicySettings[] = [
  { type: 'threshold', threshold: 0.3 },
  { type: 'sum', threshold: 1.5 },
];

describe.each(policies)('under the policy $type', (policy) => {
  test.each([
    [2, 0, 1],
    [6, 0, 1],
    [6, 2.5, 1],
    [12, 2.5, 3],
    [4, 2.5, 6],
  ])('%d replies a minute are met within a fifth (cooldown %d s, skew %d)', (talkRate, cooldown, skew) => {
    const { fired } = play({ policy, talkRate, cooldown }, 60, skew);
    const late = fired.filter((time) => time >= 1800).length / 30;
    expect(late).toBeGreaterThan(talkRate * 0.8);
    expect(late).toBeLessThan(talkRate * 1.2);
  });

  test('the threshold in force is told with every frame', () => {
    const { frames } = play({ policy, talkRate: 6 }, 5);
    expect(frames[0]?.threshold).toBe(
      policy.type === 'never' ? null : 'threshold' in policy && policy.threshold,
    );
    expect(new Set(frames.map(({ threshold }) => threshold)).size).toBeGreaterThan(20);
  });
});

test('it follows when scores change: a quiet hour after a lively one', () => {
  const scores = [...Array.from({ length: 1200 }, () => 1), ...Array.from({ length: 1200 }, () => 0.1)];
  const random = seededRandom(3);
  let state = firstTurnState;
  const fired = scores.flatMap((scale, index) => {
    const frame = { videoTime: index / 2, informative: scale * random(), relevance: 0 };
    const { decision, next } = takeTurn({ ...settings, talkRate: 6 }, state, frame);
    state = next;
    return decision.answer === 'speak' ? [frame.videoTime] : [];
  });
  expect(fired.filter((time) => time > 900).length / 5).toBeGreaterThan(4);
});

test('never lowers a threshold to less than a tenth of its own, so that silence stays possible', () => {
  const { fired, frames } = play({ talkRate: 30, policy: { type: 'threshold', threshold: 0.5 } }, 20, 12);
  expect(frames.at(-1)?.threshold).toBeCloseTo(0.05);
  expect(fired.length / 20).toBeLessThan(29);
});

test('leaves other policies, and a threshold without a rate, as they are', () => {
  const recent = Array.from({ length: 200 }, (_, index) => ({ time: index / 2, score: index / 200 }));
  for (const policy of [
    { type: 'never' },
    { type: 'zscore', deviations: 1, window: 9, warmUp: 2 },
  ] as const) {
    expect(aimedAtRate({ policy, talkRate: 6, cooldown: 0 }, recent)).toBe(policy);
  }
  const [policy] = policies;
  if (policy === undefined) throw new Error('no policy');
  expect(aimedAtRate({ policy, talkRate: 0, cooldown: 0 }, recent)).toBe(policy);
});

test('remembers a bounded number of scores, and none without a rate', () => {
  const rate = { ...settings, talkRate: 1 };
  let recent: readonly TimedScore[] = [];
  for (let index = 0; index < 3000; index += 1) {
    recent = rememberScore(recent, rate, { time: index / 60, score: 0.5 });
  }
  expect(recent).toHaveLength(1024);
  expect(rememberScore(recent, settings, { time: 60, score: 0.5 })).toEqual([]);
  expect(rememberScore(recent, { ...rate, talkRate: 60 }, { time: 200, score: 0.5 })).toHaveLength(1);
});

test('the same scores give the same decisions', () => {
  expect(play({ talkRate: 4 }, 10)).toEqual(play({ talkRate: 4 }, 10));
});
