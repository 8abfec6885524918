/** Signals by which people and supervisors ask a process to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long an orderly end may take, in milliseconds. */
const patienceMs = 8000;

/** What the user does when he wants a command to end. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Stops listening, so that the process may end by itself. */
  stop(): void;
}

/**
 * Turns the first Ctrl-C or termination signal into an abort. A second one, or an end that takes too long, ends the process
 * by that signal itself: `process.exit` would abort in the middle of a running model.
 */
export function onInterruption(): Interruption {
  const abort = new AbortController();
  const listen = (name: NodeJS.Signals): void => {
    if (abort.signal.aborted) endBy(name);
    else {
      abort.abort(name);
      setTimeout(endBy, patienceMs, name).unref();
    }
  };
  for (const name of signals) process.on(name, listen);
  const stop = (): void => {
    for (const name of signals) process.off(name, listen);
  };
  return { signal: abort.signal, stop };
}

function endBy(name: NodeJS.Signals): void {
  for (const each of signals) process.removeAllListeners(each);
  process.kill(process.pid, name);
}

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
