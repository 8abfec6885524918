import { expect, test } from 'vitest';
import { withThreshold } from '../../server/scoring/runner/runs/thresholds.js';
import type { PolicySettings } from '../../server/settings/policies.js';
import type { TaskSettings } from '../../server/settings/task-settings.js';
import { sweepOf } from '../../models/figures/curve/threshold-curve.js';
import { playSettings } from '../scoring/runner/recorded-run.js';

function settings(policy: PolicySettings, heads: TaskSettings['heads'] = ['informative']): TaskSettings {
  return { fps: 2, heads, policy, assistantTurns: 'remove', cooldown: 0 };
}

test.each([
  settings({ type: 'threshold', threshold: 0.3 }),
  settings({ type: 'threshold', threshold: 1 }, ['informative', 'relevance']),
  settings({ type: 'sum', threshold: 2 }),
  settings({ type: 'zscore', deviations: 2, window: 60, warmUp: 10 }),
])('the curve of %j is swept over thresholds that its policy takes', ({ policy, heads }) => {
  const thresholds = sweepOf(settings(policy, heads)) ?? [];
  expect(thresholds.length).toBeGreaterThan(7);
  for (const threshold of thresholds)
    expect(() => withThreshold(playSettings({ policy }).session, threshold)).not.toThrow();
});

test('a model that never speaks has no curve', () => {
  expect(sweepOf(settings({ type: 'never' }))).toBeNull();
});
