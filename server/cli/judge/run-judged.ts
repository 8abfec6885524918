import { DuetError } from '../../errors.js';
import type { Judge } from '../../scoring/judges/judge.js';
import type { Judging, JudgingEstimate } from '../../scoring/judges/judging.js';
import type { JudgingReport } from '../../scoring/judges/report/judging-report.js';
import type { RatedCase } from '../../scoring/judges/asking/remember-replies.js';
import type { ReplyRecording } from '../../scoring/judges/asking/recording.js';
import type { JudgeFlags } from './judge-flags.js';
import { ProgressBar } from '../progress-bar.js';
import { describeEstimate } from './describe-estimate.js';
import { judgingOf } from './judging-of.js';

/** Work that asks a judge. */
export interface JudgedWork<Result> {
  /** Does the work; what it asks must not depend on the ratings. */
  readonly score: (judge: Judge, concurrency: number) => Promise<Result>;
  /** Does the same without leaving anything behind, for finding out what will be asked. */
  readonly rehearse: (judge: Judge) => Promise<unknown>;
  /** Where replies are taken from and added to. */
  readonly recording?: ReplyRecording;
}

/** Work that was done, or only estimated. */
export type JudgedOutcome<Result> =
  | { readonly type: 'estimated'; readonly judge: Judge; readonly estimate: JudgingEstimate }
  | {
      readonly type: 'judged';
      readonly judge: Judge;
      readonly result: Result;
      readonly judging: JudgingReport;
    };

/**
 * Estimates what judging takes, refuses what is over the budget, and does the work, with a bar on a terminal.
 * With `--judge-dry-run` nothing but the estimate is made. A free judge is not estimated unless asked.
 */
export async function runJudged<Result>(
  flags: JudgeFlags,
  signal: AbortSignal,
  work: JudgedWork<Result>,
): Promise<JudgedOutcome<Result>> {
  const bar = new ProgressBar('ratings');
  let total = 0;
  let done = 0;
  const onProgress = (): void => {
    done += 1;
    if (total > 0) bar.show('judging', done, total);
  };
  const { recording } = work;
  const onReply = (rated: RatedCase) => recording?.add(rated);
  const known = recording?.known ?? new Map<string, never>();
  const judging = await judgingOf(flags, signal, { known, onReply, onProgress });
  const { judge } = judging;
  const estimate = await estimateIfNeeded(judging, flags, work);
  if (estimate !== null && flags.judgeDryRun === true) return { type: 'estimated', judge, estimate };
  if (estimate !== null) holdToBudget(estimate, flags.judgeBudget);
  // Replies that are known come at once.
  if (estimate !== null && estimate.calls > 0) total = estimate.replies;
  try {
    const result = await work.score(judge, judging.concurrency);
    return { type: 'judged', judge, result, judging: await judging.report() };
  } finally {
    bar.end();
  }
}

async function estimateIfNeeded(
  judging: Judging,
  { judgeDryRun }: JudgeFlags,
  work: Pick<JudgedWork<unknown>, 'rehearse'>,
): Promise<JudgingEstimate | null> {
  if (judging.free && judgeDryRun !== true) return null;
  return judging.estimate(work.rehearse);
}

function holdToBudget(estimate: JudgingEstimate, budget: number | undefined): void {
  if (budget === undefined) return;
  if (estimate.dollars === null) {
    const message =
      '--judge-budget needs the price of the judge; give --judge-price (and --second-judge-price)';
    throw new DuetError('invalid_request', message);
  }
  if (estimate.dollars <= budget) return;
  const message = `judging would cost more than --judge-budget ${budget}: ${describeEstimate(estimate)}`;
  throw new DuetError('invalid_request', message);
}
