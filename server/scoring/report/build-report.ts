import type { JudgeIdentity } from '../judges/judge.js';
import { bootstrapMean, type Resampling } from '../statistics/bootstrap.js';
import { sliceByTag } from '../statistics/slices.js';
import type { Report, TaskReport } from './report.js';

/** What is added to every task's report. */
interface ReportExtras {
  /** Null for no interval. */
  readonly resampling: Resampling | null;
  /** Annotation tags to slice by. */
  readonly sliceBy: readonly string[];
}

/** Completes the report of a task with an interval and slices over its examples. */
export function buildReport(task: TaskReport, { resampling, sliceBy }: ReportExtras): Report {
  const values = task.examples.map((example) => example.value);
  const notes = task.judge?.comparable === false ? [...task.notes, incomparable(task.judge)] : task.notes;
  return {
    ...task,
    notes,
    interval: resampling === null ? null : bootstrapMean(values, resampling),
    slices: Object.fromEntries(sliceBy.map((tag) => [tag, sliceByTag(task.examples, tag)])),
  };
}

function incomparable({ id, caveat }: JudgeIdentity): string {
  const who = caveat === undefined ? `the judge "${id}" is one of its kind` : `the judge "${id}" ${caveat}`;
  return `${who}: these scores are not comparable with any other judge's`;
}
