import type { WireLiveSettings, WirePolicy } from '../../../server/protocol/settings.js';

/** The slider of a policy's one number. */
export interface Level {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

/** What the slider means under these settings; null for a policy without a number. */
export function levelOf({ policy, heads }: Pick<WireLiveSettings, 'policy' | 'heads'>): Level | null {
  switch (policy.type) {
    case 'threshold':
      return {
        label: 'Threshold of the score',
        min: 0,
        max: heads.length,
        step: 0.01,
        value: policy.threshold,
      };
    case 'sum':
      return { label: 'Threshold of the sum', min: 0, max: 10, step: 0.1, value: policy.threshold };
    case 'zscore':
      return { label: 'Standard deviations', min: -1, max: 5, step: 0.1, value: policy.deviations };
    case 'never':
      return null;
  }
}

/** The same policy with another number. */
export function withLevel(policy: WirePolicy, value: number): WirePolicy {
  switch (policy.type) {
    case 'threshold':
    case 'sum':
      return { ...policy, threshold: value };
    case 'zscore':
      return { ...policy, deviations: value };
    case 'never':
      return policy;
  }
}

/** Where each policy starts when it is chosen; numbers of the published demo where it has them (threshold 0.3, sum 1.5). */
export const startingPolicies: {
  readonly [Type in WirePolicy['type']]: Extract<WirePolicy, { type: Type }>;
} = {
  threshold: { type: 'threshold', threshold: 0.3 },
  sum: { type: 'sum', threshold: 1.5 },
  zscore: { type: 'zscore', deviations: 1.5, window: 40, warm_up: 8 },
  never: { type: 'never' },
};
