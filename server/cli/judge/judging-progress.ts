import { ProgressBar } from '../terminal/progress-bar.js';

/** Shows a progress bar while judging runs. */
export async function withJudgingProgress<Result>(
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
