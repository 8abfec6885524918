import { mean } from '../../statistics/mean.js';

/** One sample: when something should be said and when it was, in seconds. */
export interface TimingSample {
  readonly task: string;
  readonly gold: readonly number[];
  readonly detections: readonly number[];
}

/** How well the moments of one sample were found, 0..1. */
interface TimingMatch {
  readonly matched: number;
  readonly recall: number;
  readonly precision: number;
}

/** Means of a task and the F1 of the two means. */
export interface TimingScore {
  readonly recall: number;
  readonly precision: number;
  readonly f1: number;
}

/** How far off, in seconds, a detection may be. */
export const timingTolerance = 2;

/** Each gold moment, in order, takes the first detection within the tolerance that no other has taken. */
export function matchMoments(sample: TimingSample, tolerance: number = timingTolerance): TimingMatch {
  const free = [...sample.detections];
  let matched = 0;
  for (const moment of sample.gold) {
    const index = free.findIndex((detection) => Math.abs(detection - moment) <= tolerance);
    if (index === -1) continue;
    free.splice(index, 1);
    matched += 1;
  }
  const share = (count: number) => (count === 0 ? 0 : matched / count);
  return { matched, recall: share(sample.gold.length), precision: share(sample.detections.length) };
}

/** Timing F1 of OVO-Bench's forward tasks: per task, then the mean of the tasks; NaN for no samples. */
export function scoreTiming(
  samples: readonly TimingSample[],
  tolerance: number = timingTolerance,
): { readonly tasks: ReadonlyMap<string, TimingScore>; readonly averageF1: number } {
  const byTask = new Map<string, TimingMatch[]>();
  for (const sample of samples) {
    const matches = byTask.get(sample.task) ?? [];
    matches.push(matchMoments(sample, tolerance));
    byTask.set(sample.task, matches);
  }
  const tasks = new Map([...byTask].map(([task, matches]) => [task, taskScore(matches)]));
  return { tasks, averageF1: mean([...tasks.values()].map((score) => score.f1)) };
}

function taskScore(matches: readonly TimingMatch[]): TimingScore {
  const recall = mean(matches.map((match) => match.recall));
  const precision = mean(matches.map((match) => match.precision));
  const sum = recall + precision;
  return { recall, precision, f1: sum === 0 ? 0 : (2 * recall * precision) / sum };
}
