import { describe, expect, test } from 'vitest';
import { policyOf, windowOf } from '../../../server/duet/policy/policies.js';
import { blankMemory, remember, settle, type Decision } from '../../../server/duet/policy/policy.js';
import type { PolicySettings } from '../../../server/settings/policies.js';

/** What the policy decides after each of the scores, which come a second apart. */
function run(settings: PolicySettings, scores: readonly number[]): readonly Decision[] {
  const policy = policyOf(settings);
  let memory = blankMemory;
  return scores.map((score, videoTime) => {
    memory = remember(memory, score);
    const decision = policy({
      ...{ score, memory, videoTime, lastReplyTime: -Infinity, replyTimes: [], armed: true },
      ...{ pictureChange: null, texts: [] },
    });
    memory = settle(memory, score, decision.answer === 'speak', windowOf(settings));
    return decision;
  });
}

function spokenAt(settings: PolicySettings, scores: readonly number[]): readonly number[] {
  return run(settings, scores).flatMap(({ answer }, index) => (answer === 'speak' ? [index] : []));
}

describe('threshold', () => {
  test('speaks for scores strictly above the threshold', () => {
    expect(spokenAt({ type: 'threshold', threshold: 0.5 }, [0.4, 0.5, 0.500001, 1.2])).toEqual([2, 3]);
  });

  test('says what it compared with and why it kept silent', () => {
    expect(run({ type: 'threshold', threshold: 0.5 }, [0.5])).toEqual([
      { answer: 'silent', reason: 'score_not_above_threshold', threshold: 0.5 },
    ]);
  });

  test.each([
    [0, 0, false],
    [0, Number.MIN_VALUE, true],
    [2, 2, false],
    [1.9999999999999998, 2, true],
  ])('at its border: threshold %d, score %d', (threshold, score, speaks) => {
    expect(spokenAt({ type: 'threshold', threshold }, [score])).toEqual(speaks ? [0] : []);
  });
});

describe('sum', () => {
  test('adds the score before it compares, and starts again after a reply', () => {
    expect(spokenAt({ type: 'sum', threshold: 1 }, [0.6, 0.4, 0.1, 0.9, 0.2, 1.5])).toEqual([2, 4, 5]);
  });

  test('a sum that reaches the threshold exactly is not above it', () => {
    expect(run({ type: 'sum', threshold: 1 }, [0.5, 0.5, 0.25])).toEqual([
      { answer: 'silent', reason: 'sum_not_above_threshold', threshold: 1 },
      { answer: 'silent', reason: 'sum_not_above_threshold', threshold: 1 },
      { answer: 'speak', reason: 'fired', threshold: 1 },
    ]);
  });
});

describe('zscore', () => {
  const settings = { type: 'zscore', deviations: 2, window: 4, warmUp: 3 } as const;

  test('is silent for the first frames, however high they score', () => {
    expect(run(settings, [0.1, 0.9, 0.1]).map(({ reason }) => reason)).toEqual([
      'warming_up',
      'warming_up',
      'warming_up',
    ]);
  });

  test('needs two earlier scores, however short the warm-up', () => {
    expect(run({ ...settings, warmUp: 0 }, [0.1, 0.9, 0.6]).map(({ reason }) => reason)).toEqual([
      'warming_up',
      'warming_up',
      'score_not_above_deviation',
    ]);
  });

  test('speaks when a score stands out from those before it', () => {
    expect(spokenAt(settings, [0.1, 0.2, 0.1, 0.2, 0.25, 0.9])).toEqual([5]);
  });

  test('a score at exactly the limit does not stand out', () => {
    const exact = { ...settings, deviations: 1, window: 2, warmUp: 0 };
    // Mean 0.5 and deviation 0.25 of the two scores before.
    expect(spokenAt(exact, [0.25, 0.75, 0.75])).toEqual([]);
    expect(spokenAt(exact, [0.25, 0.75, 0.7500001])).toEqual([2]);
  });

  test('with negative deviations it speaks below the mean too', () => {
    expect(spokenAt({ ...settings, deviations: -1, window: 2, warmUp: 0 }, [0.25, 0.75, 0.3])).toEqual([2]);
  });

  test('considers only the scores in its window', () => {
    const [, , , , last] = run({ ...settings, window: 2, warmUp: 0 }, [9, 9, 0.5, 0.5, 0.6]);
    expect(last).toEqual({ answer: 'speak', reason: 'fired', threshold: 0.5 });
  });
});

test('never stays silent at every score', () => {
  expect(spokenAt({ type: 'never' }, [2, 2, 2])).toEqual([]);
  expect(run({ type: 'never' }, [2])).toEqual([
    { answer: 'silent', reason: 'policy_never', threshold: null },
  ]);
});

test('memory stays bounded by the window', () => {
  const settings: PolicySettings = { type: 'zscore', deviations: 1, window: 5, warmUp: 0 };
  let memory = blankMemory;
  for (let frame = 0; frame < 1000; frame += 1)
    memory = settle(remember(memory, 0.5), 0.5, false, windowOf(settings));
  expect(memory.recent).toHaveLength(5);
});
