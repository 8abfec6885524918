import type { NumberRange } from './setting.js';

/**
 * The response policies: when each speaks, its numbers, and the one number (its level) that people adjust.
 * Comparisons are strict (>).
 */
export const policyTable = {
  threshold: {
    label: 'Score',
    help: 'when the score of a frame is above `threshold`',
    numbers: { threshold: { kind: 'number', from: 0, to: 2 } },
    level: { number: 'threshold', label: 'Threshold of the score', min: 0, max: 1, step: 0.01 },
    start: { threshold: 0.3 },
  },
  sum: {
    label: 'Sum',
    help: 'when the scores since the last reply add up to more than `threshold`',
    numbers: { threshold: { kind: 'number', from: 0, to: 1000 } },
    level: { number: 'threshold', label: 'Threshold of the sum', min: 0, max: 10, step: 0.1 },
    start: { threshold: 1.5 },
  },
  zscore: {
    label: 'Deviation',
    help:
      'when a score is more than `deviations` standard deviations above the mean of the last `window` ' +
      'scores; silent for the first `warm_up` frames',
    numbers: {
      deviations: { kind: 'number', from: -100, to: 100, default: 2 },
      window: { kind: 'whole', from: 2, to: 10_000, default: 60 },
      warmUp: { kind: 'whole', from: 0, to: 10_000, default: 10 },
    },
    level: { number: 'deviations', label: 'Standard deviations', min: -1, max: 5, step: 0.1 },
    start: { deviations: 1.5, window: 40, warmUp: 8 },
  },
  never: {
    label: 'Never',
    help: 'never; the scores are only recorded',
    numbers: {},
    level: null,
    start: {},
  },
} as const satisfies Readonly<Record<string, Policy>>;

interface Policy {
  /** What the page calls it. */
  readonly label: string;
  /** When it speaks, in one line. */
  readonly help: string;
  /** Its numbers by name; those with a default may be left out on the command line. */
  readonly numbers: Readonly<Record<string, PolicyNumber>>;
  /** The number that `--threshold` and the page's slider set, and the slider's range; null if it has none. */
  readonly level: PolicyLevel | null;
  /** The numbers it starts with on the page: those of MMDuet's demo where it has them. */
  readonly start: Readonly<Record<string, number>>;
}

/** A number of a policy. */
export type PolicyNumber = NumberRange & { readonly kind: 'number' | 'whole'; readonly default?: number };

interface PolicyLevel {
  readonly number: string;
  readonly label: string;
  readonly min: number;
  /** For `threshold` the maximum of one head: scores of several heads are added up. */
  readonly max: number;
  readonly step: number;
}

/** Name of a response policy. */
export type PolicyName = keyof typeof policyTable;

/** The names of all policies. */
export const policyNames = Object.keys(policyTable) as [PolicyName, ...PolicyName[]];

/** One response policy and its numbers. */
export type PolicySettings = {
  readonly [Name in PolicyName]: { readonly type: Name } & {
    readonly [Number in keyof (typeof policyTable)[Name]['numbers']]: number;
  };
}[PolicyName];

/** A policy with names as in the server or on the wire; the level has the same name in both. */
type AnyPolicy = { readonly type: PolicyName } & Readonly<Record<string, string | number>>;

/** The level of a policy: its threshold or its deviations; null if it has none. */
export function levelNumber(policy: AnyPolicy): number | null {
  const { level } = policyTable[policy.type];
  const number = level === null ? null : policy[level.number];
  return typeof number === 'number' ? number : null;
}

/** The same policy with another level; unchanged if it has none. */
export function withLevel<Policy extends AnyPolicy>(policy: Policy, value: number): Policy {
  const { level } = policyTable[policy.type];
  return level === null ? policy : { ...policy, [level.number]: value };
}
