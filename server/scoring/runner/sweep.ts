import type { SessionSettings } from '../../settings/session-settings.js';
import { DuetError } from '../../errors.js';
import type { PolicySettings } from '../../settings/policies.js';
import { settingSchemas } from '../../settings/schema.js';
import type { TaskReport } from '../report/report.js';
import type { ExampleRatings } from '../benchmark.js';

/** What a benchmark came to at one threshold. */
export interface SweepPoint extends Scored {
  readonly threshold: number;
}

/** What scoring gave. */
export interface Scored {
  readonly report: TaskReport;
  /** Ratings by question, as text; empty where no judge rates single replies. */
  readonly ratings: ReadonlyMap<string, ExampleRatings>;
}

/**
 * Why thresholds cannot be tried on the replies of one run, or null where they can: scores and replies must
 * not depend on what was said before, and a lower threshold must speak after every frame after which a higher
 * one does.
 */
export function whyNotOnce({ policy, assistantTurns, repetitionPenalty }: SessionSettings): string | null {
  if (assistantTurns === 'keep') return 'replies stay in the context, so the scores depend on them';
  if (repetitionPenalty !== 1) return 'the repetition penalty makes replies depend on earlier ones';
  if (policy.type === 'sum')
    return 'a sum restarts after every reply, so other thresholds speak after other frames';
  return null;
}

/**
 * The settings with another threshold; deviations for `zscore`. Throws 'invalid_request' where the policy
 * takes no such number.
 */
export function withThreshold(settings: SessionSettings, threshold: number): SessionSettings {
  return { ...settings, policy: requirePolicy(policyWith(settings.policy, threshold)) };
}

/** The policy itself. Throws 'invalid_request', naming the number, where one is out of its range. */
export function requirePolicy(policy: PolicySettings): PolicySettings {
  const issue = settingSchemas.policy.safeParse(policy).error?.issues[0];
  if (issue === undefined) return policy;
  const name = issue.path.join('.');
  const given =
    name === ''
      ? ''
      : ` ${name} ${JSON.stringify(Object.entries(policy).find(([key]) => key === name)?.[1])}`;
  throw new DuetError('invalid_request', `The policy ${policy.type} takes no${given}: ${issue.message}`);
}

/** The threshold of the settings, or null where they never speak. */
export function thresholdOf({ policy }: Pick<SessionSettings, 'policy'>): number | null {
  switch (policy.type) {
    case 'never':
      return null;
    case 'zscore':
      return policy.deviations;
    case 'threshold':
    case 'sum':
      return policy.threshold;
    default:
      return policy satisfies never;
  }
}

/** Settings whose run holds the replies of every threshold: the lowest, without a rest between replies. */
export function mostTalkative(settings: SessionSettings, thresholds: readonly number[]): SessionSettings {
  return { ...withThreshold(settings, Math.min(...thresholds)), cooldown: 0 };
}

function policyWith(policy: PolicySettings, threshold: number): PolicySettings {
  switch (policy.type) {
    case 'never':
      throw new DuetError(
        'invalid_request',
        'The policy never has no threshold to sweep; choose another --policy',
      );
    case 'zscore':
      return { ...policy, deviations: threshold };
    case 'threshold':
    case 'sum':
      return { ...policy, threshold };
    default:
      return policy satisfies never;
  }
}

/**
 * The point with the best headline figure; the first of equals. Throws 'invalid_request' where none has one.
 */
export function bestPoint<Point extends SweepPoint>(points: readonly Point[]): Point {
  let best: Point | null = null;
  for (const point of points) {
    const value = headlineOf(point.report);
    if (value !== null && value > ((best && headlineOf(best.report)) ?? -Infinity)) best = point;
  }
  if (best === null) throw new DuetError('invalid_request', 'No threshold gave a score to choose by');
  return best;
}

/** The first headline figure of a report. */
export function headlineOf(report: TaskReport): number | null {
  return report.headline[0]?.value ?? null;
}
