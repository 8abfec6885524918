import type { Log } from '../../transport/log.js';
import { TokenBucket } from '../../transport/websocket/token-bucket.js';

/** How many uncaught errors the process survives: a burst of 20, then one every ten seconds. */
const tolerance = { burst: 20, perSecond: 0.1 };

/** How long an orderly shutdown may take after too many errors, in milliseconds. */
const patienceMs = 8000;

/** Keeps a process alive despite uncaught errors. */
interface UncaughtErrorGuard {
  /** Aborts after too many errors. */
  readonly signal: AbortSignal;
  /** Stops guarding: an uncaught error ends the process again. */
  stop(): void;
}

/**
 * Logs uncaught errors and keeps the process running. Each one is a bug to fix at its source. After too many
 * the server shuts down and exits with 1, even if the orderly shutdown takes too long.
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

// The reader of the output may go away; the server still has clients.
function stayWithoutReader(): void {
  return;
}
