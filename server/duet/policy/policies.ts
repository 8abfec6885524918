import type { PolicySettings } from '../../settings/policies.js';
import type { Decision, DecisionReason, Policy } from './policy.js';

/** The policy the settings name. To add a policy, add a function here. */
export function policyOf(settings: PolicySettings): Policy {
  switch (settings.type) {
    case 'threshold':
      return threshold(settings);
    case 'sum':
      return sum(settings);
    case 'zscore':
      return zscore(settings);
    case 'never':
      return never;
    default:
      return settings satisfies never;
  }
}

/** How many previous scores the policy needs. */
export function windowOf(settings: PolicySettings): number {
  return settings.type === 'zscore' ? settings.window : 0;
}

type SettingsOf<Type extends PolicySettings['type']> = Extract<PolicySettings, { readonly type: Type }>;

/** Speaks when a frame's score is above a threshold (MMDuet's rule for question answering). */
function threshold(settings: SettingsOf<'threshold'>): Policy {
  return ({ score }) => compare(score, settings.threshold, 'score_not_above_threshold');
}

/**
 * Speaks when the sum of scores since the last reply is above a threshold (MMDuet's rule for dense
 * captioning).
 */
function sum(settings: SettingsOf<'sum'>): Policy {
  return ({ memory }) => compare(memory.runningSum, settings.threshold, 'sum_not_above_threshold');
}

/** Speaks when a score is a number of standard deviations above the mean of those before it. */
function zscore({ window, warmUp, deviations }: SettingsOf<'zscore'>): Policy {
  return ({ score, memory }) => {
    const before = memory.recent.slice(-window);
    if (memory.frames <= warmUp || before.length < 2) {
      return { answer: 'silent', reason: 'warming_up', threshold: null };
    }
    const mean = average(before);
    const deviation = Math.sqrt(average(before.map((value) => (value - mean) ** 2)));
    return compare(score, mean + deviations * deviation, 'score_not_above_deviation');
  };
}

/** Never speaks; scores are only recorded. */
const never: Policy = () => ({ answer: 'silent', reason: 'policy_never', threshold: null });

function compare(value: number, limit: number, otherwise: DecisionReason): Decision {
  return value > limit
    ? { answer: 'speak', reason: 'fired', threshold: limit }
    : { answer: 'silent', reason: otherwise, threshold: limit };
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
