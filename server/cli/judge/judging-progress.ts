import { ProgressBar } from '../terminal/progress-bar.js';

/** Shows on a terminal how far judging has come while it goes on. */
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
