/** Signals that ask a process to end. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long an orderly shutdown may take, in milliseconds. */
const patienceMs = 8000;

/** A user's request to end a command. */
interface Interruption {
  readonly signal: AbortSignal;
  /** Stops listening, so that the process can exit. */
  stop(): void;
}

/**
 * Turns the first Ctrl-C or termination signal into an abort. A second one, or a shutdown that takes too
 * long, kills the process by that signal: `process.exit` would crash during a model call.
 */
export function onInterruption(): Interruption {
  const abort = new AbortController();
  const listen = (name: NodeJS.Signals): void => {
    if (abort.signal.aborted) endBy(name);
    else {
      asked = name;
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

/** The signal that asked this process to end, or null. */
export function askedToEndBy(): NodeJS.Signals | null {
  return asked;
}

let asked: NodeJS.Signals | null = null;

function endBy(name: NodeJS.Signals): void {
  for (const each of signals) process.removeAllListeners(each);
  process.kill(process.pid, name);
}

/** Runs work with a signal that Ctrl-C and termination signals abort. */
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
