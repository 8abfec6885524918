import type { Log } from '../../transport/log.js';
import { TokenBucket } from '../../transport/websocket/token-bucket.js';

/** How many uncaught errors the process survives: a burst of 20, and one more every ten seconds. */
const tolerance = { burst: 20, perSecond: 0.1 };

/** How long an orderly shutdown may take once the process is given up, in milliseconds. */
const patienceMs = 8000;

/** Keeps a process alive whatever fails in it. */
export interface UncaughtErrorGuard {
  /** Aborts when the process is given up. */
  readonly signal: AbortSignal;
  /** From now on an uncaught error ends the process again. */
  stop(): void;
}

/**
 * The last resort of a server: an uncaught error is logged and the process goes on. Each one is a bug to be
 * fixed where it arises. A process that keeps throwing is given up, once, and exits with 1 even if its
 * orderly shutdown takes too long.
 */
export function keepServing(log: Log): UncaughtErrorGuard {
  const failure = new AbortController();
  const faults = new TokenBucket(tolerance, () => performance.now());
  const survive = (thrown: unknown): void => {
    if (failure.signal.aborted) return;
    log('Uncaught error; the server goes on', thrown);
    if (faults.trySpend()) return;
    log('Too many uncaught errors: the server stops');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), patienceMs).unref();
    failure.abort();
  };
  // Unhandled rejections arrive here too.
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
