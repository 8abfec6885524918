import { levelNumber, withLevel, type PolicySettings } from '../../settings/policies.js';
import type { LiveSettings } from '../../settings/session-settings.js';

/**
 * The policy with its threshold moved to where the scores of the last minutes would have brought `talkRate`
 * replies a minute, cooldown included: a rolling quantile of what would have been said. Until there is video
 * enough for one reply, for policies without a threshold on scores, and at a talk rate of 0 it is unchanged.
 */
export function aimedAtRate(settings: RateSettings, recent: readonly TimedScore[]): PolicySettings {
  const { policy, talkRate } = settings;
  const own = levelNumber(policy);
  const seconds = spanOf(recent);
  const wanted = (talkRate * seconds) / 60;
  if (own === null || !followsRate(settings) || seconds < leastSpan || wanted < 1) return policy;
  const lowest = own / mostLowered;
  return withLevel(policy, Math.max(lowest, levelFor(wanted, recent, settings)));
}

/** The settings that a talk rate reads. */
type RateSettings = Pick<LiveSettings, 'policy' | 'talkRate' | 'cooldown'>;

/** A frame's score and its media time in seconds. */
export interface TimedScore {
  readonly time: number;
  readonly score: number;
}

/** The newest scores with one more, as many as a talk rate reads; none where there is no rate to aim at. */
export function rememberScore(
  recent: readonly TimedScore[],
  settings: RateSettings,
  newest: TimedScore,
): readonly TimedScore[] {
  if (!followsRate(settings)) return [];
  const since = newest.time - horizonOf(settings.talkRate);
  return [...recent.filter(({ time }) => time >= since), newest].slice(-mostScores);
}

/** The threshold is never lowered to less than this part of its own, so that silence stays possible. */
const mostLowered = 10;

/** Fewest seconds of video to take a rate from. */
const leastSpan = 10;

/** Most frames remembered. */
const mostScores = 1024;

/** Halvings of the range in which the threshold is sought. */
const halvings = 20;

function followsRate({ policy, talkRate }: RateSettings): boolean {
  return talkRate > 0 && (policy.type === 'threshold' || policy.type === 'sum');
}

/** Seconds that are looked back on: those of ten replies, from one minute to half an hour. */
function horizonOf(talkRate: number): number {
  return Math.min(Math.max(600 / talkRate, 60), 1800);
}

function spanOf(recent: readonly TimedScore[]): number {
  const [oldest] = recent;
  const newest = recent.at(-1);
  return oldest === undefined || newest === undefined ? 0 : newest.time - oldest.time;
}

/** The lowest threshold, to a millionth of the range, at which `wanted` replies, rounded, had been made. */
function levelFor(wanted: number, recent: readonly TimedScore[], settings: RateSettings): number {
  const replies = settings.policy.type === 'sum' ? repliesBySum : repliesByScore;
  let low = 0;
  let high = recent.reduce((most, { score }) => most + score, 0);
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (replies(recent, middle, settings.cooldown) > Math.round(wanted)) low = middle;
    else high = middle;
  }
  return high;
}

function repliesByScore(recent: readonly TimedScore[], level: number, cooldown: number): number {
  let last = -Infinity;
  let count = 0;
  for (const { time, score } of recent) {
    if (score <= level || time - last < cooldown) continue;
    last = time;
    count += 1;
  }
  return count;
}

function repliesBySum(recent: readonly TimedScore[], level: number, cooldown: number): number {
  let last = -Infinity;
  let count = 0;
  let sum = 0;
  for (const { time, score } of recent) {
    sum += score;
    if (sum <= level || time - last < cooldown) continue;
    last = time;
    count += 1;
    sum = 0;
  }
  return count;
}
