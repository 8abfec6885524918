import { describe, expect, test } from 'vitest';
import { blankMemory, decide, remember, settle, type Verdict } from '../../../server/duet/policy/policies.js';
import type { PolicySettings } from '../../../server/settings/policies.js';

function run(settings: PolicySettings, scores: readonly number[]): readonly Verdict[] {
  let memory = blankMemory;
  return scores.map((score) => {
    memory = remember(memory, score);
    const verdict = decide(settings, memory, score);
    memory = settle(memory, settings, score, verdict.speak);
    return verdict;
  });
}

function spokenAt(settings: PolicySettings, scores: readonly number[]): readonly number[] {
  return run(settings, scores).flatMap((verdict, index) => (verdict.speak ? [index] : []));
}

describe('threshold', () => {
  test('speaks at every score strictly above the threshold', () => {
    expect(spokenAt({ type: 'threshold', threshold: 0.5 }, [0.4, 0.5, 0.500001, 1.2])).toEqual([2, 3]);
  });

  test('says what it compared with and why it kept silent', () => {
    expect(run({ type: 'threshold', threshold: 0.5 }, [0.5])).toEqual([
      { speak: false, reason: 'score_not_above_threshold', threshold: 0.5 },
    ]);
  });
});

describe('sum', () => {
  test('adds the score before it compares, and starts again after a reply', () => {
    expect(spokenAt({ type: 'sum', threshold: 1 }, [0.6, 0.4, 0.1, 0.9, 0.2, 1.5])).toEqual([2, 4, 5]);
  });
});

describe('zscore', () => {
  const settings: PolicySettings = { type: 'zscore', deviations: 2, window: 4, warmUp: 3 };

  test('is silent for the first frames, however high they score', () => {
    expect(run(settings, [0.1, 0.9, 0.1]).map((verdict) => verdict.reason)).toEqual([
      'warming_up',
      'warming_up',
      'warming_up',
    ]);
  });

  test('speaks when a score stands out from those before it', () => {
    expect(spokenAt(settings, [0.1, 0.2, 0.1, 0.2, 0.25, 0.9])).toEqual([5]);
  });

  test('looks back on its window only', () => {
    const [, , , , last] = run({ ...settings, window: 2, warmUp: 0 }, [9, 9, 0.5, 0.5, 0.6]);
    expect(last).toEqual({ speak: true, reason: 'fired', threshold: 0.5 });
  });
});

test('never is never', () => {
  expect(spokenAt({ type: 'never' }, [2, 2, 2])).toEqual([]);
});

test('memory stays bounded by the window', () => {
  const settings: PolicySettings = { type: 'zscore', deviations: 1, window: 5, warmUp: 0 };
  let memory = blankMemory;
  for (let frame = 0; frame < 1000; frame += 1) memory = settle(remember(memory, 0.5), settings, 0.5, false);
  expect(memory.recent).toHaveLength(5);
});
