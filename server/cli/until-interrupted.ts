import { onInterruption } from './interruption.js';

/** Does work that Ctrl-C and termination signals end in order, through the signal it is given. */
export async function untilInterrupted<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const interruption = onInterruption();
  try {
    return await work(interruption.signal);
  } finally {
    interruption.stop();
  }
}
