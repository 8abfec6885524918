import { openJudging, type JudgedOutcome, type JudgedWork } from '../../scoring/judges/judging.js';
import { ProgressBar } from '../progress-bar.js';
import type { JudgeFlags } from './judge-flags.js';
import { judgingPlanOf } from './judging-plan-of.js';

/** Judges work as the flags say, with a bar on a terminal. */
export function runJudged<Result>(
  flags: JudgeFlags,
  signal: AbortSignal,
  work: JudgedWork<Result>,
): Promise<JudgedOutcome<Result>> {
  return showingJudging(async (onProgress) => {
    const judging = await openJudging(judgingPlanOf(flags), { onProgress, signal });
    return judging.run(work);
  });
}

/** Shows on a terminal how far judging has come while it goes on. */
export async function showingJudging<Result>(
  work: (onProgress: (done: number, total: number) => void) => Promise<Result>,
): Promise<Result> {
  const bar = new ProgressBar('ratings');
  try {
    return await work((done, total) => {
      bar.show('judging', done, total);
    });
  } finally {
    bar.end();
  }
}
