import cliProgress from 'cli-progress';
import type { JudgingEstimate } from '../../scoring/judges/judging.js';

/** A bar that shows how many ratings there are. */
export interface Progress {
  readonly advance: () => void;
  readonly stop: () => void;
}

/** Shows a bar for a judge that has to be asked, on a terminal; elsewhere nothing. */
export function showProgress(
  estimate: Pick<JudgingEstimate, 'replies' | 'calls'> | null,
  stream: NodeJS.WriteStream,
): Progress {
  if (estimate === null || estimate.calls === 0 || !stream.isTTY) {
    return { advance: () => undefined, stop: () => undefined };
  }
  const bar = new cliProgress.SingleBar({
    stream,
    format: 'judging {bar} {value}/{total} ratings, {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(estimate.replies, 0);
  return {
    advance: () => {
      bar.increment();
    },
    stop: () => {
      bar.stop();
    },
  };
}
