import type { Log } from '../transport/log.js';
import { TokenBucket } from '../transport/token-bucket.js';

/** Faults that nothing else has caught: so many the process survives, and it forgives one in ten seconds. */
const tolerance = { burst: 20, perSecond: 0.1 };

/** How long an orderly end may take once the process is given up, in milliseconds. */
const patienceMs = 8000;

/** What keeps a process alive whatever fails in it. */
export interface LastResort {
  /** Aborts when so much fails that the process is given up. */
  readonly signal: AbortSignal;
  /** From now on an error that nobody catches ends the process again. */
  stop(): void;
}

/**
 * The last resort of a server: an error that nobody caught is logged, and the process goes on. Each one is a
 * fault to be mended where it arises; a process that throws without end is given up, once, and ends with 1
 * even when its orderly end takes too long.
 */
export function keepServing(log: Log): LastResort {
  const failure = new AbortController();
  const faults = new TokenBucket(tolerance, () => performance.now());
  const survive = (thrown: unknown): void => {
    if (failure.signal.aborted) return;
    log('Something failed that nothing caught; the server goes on', thrown);
    if (faults.trySpend()) return;
    log('Too much fails that nothing catches: the server stops');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), patienceMs).unref();
    failure.abort();
  };
  // Rejections that nobody handles come here too.
  process.on('uncaughtException', survive);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stayWithoutReader);
  const stop = (): void => {
    process.off('uncaughtException', survive);
    for (const stream of [process.stdout, process.stderr]) stream.off('error', stayWithoutReader);
  };
  return { signal: failure.signal, stop };
}

// Whoever read the output may go away; the clients are still there.
function stayWithoutReader(): void {
  return;
}
