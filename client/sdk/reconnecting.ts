/**
 * Wait before attempt `attempt` (from 1): doubled each time, then cut at random to between its half and its
 * whole, so that many clients of a restarted server do not return in the same instant.
 */
export function waitBeforeAttempt(attempt: number, backOff: BackOff, random: () => number): number {
  const whole = Math.min(backOff.longestMs, backOff.firstMs * 2 ** (attempt - 1));
  return whole / 2 + (whole / 2) * random();
}

/** How long to wait before each attempt to get a lost connection back. */
export interface BackOff {
  /** Wait before the first attempt, in milliseconds. */
  readonly firstMs: number;
  /** Longest wait between two attempts, in milliseconds. */
  readonly longestMs: number;
  /** Attempts start no later than this many milliseconds after the connection was lost. */
  readonly giveUpMs: number;
}

/** First attempt after a quarter second, at most 5 s apart, for one minute. */
export const defaultBackOff: BackOff = { firstMs: 250, longestMs: 5_000, giveUpMs: 60_000 };

/** Whether `session.resume` can go on after a connection closed with this code. */
export function mayResume(code: number): boolean {
  return resumable.has(code);
}

/**
 * Close codes after which the session is still there: lost line (1005, 1006), a proxy that is loaded anew,
 * restarted or without its server (1001, 1012, 1014; a server that stops has said so by `session.closed`),
 * too large a message, read too slowly, no heartbeat, sent too fast.
 */
const resumable: ReadonlySet<number> = new Set([1001, 1005, 1006, 1009, 1012, 1014, 4000, 4002, 4004]);

/** Whether connecting again later can help, if only for another session. */
export function mayRetry(code: number): boolean {
  return !final.has(code);
}

/**
 * Close codes after which connecting again does not help: an end as asked, a refusal, too large a message, a
 * failed server, another owner.
 */
const final: ReadonlySet<number> = new Set([1000, 1008, 1009, 1011, 4001]);

/** Whether the code is a plain end: nothing went wrong. */
export function isCleanEnd(code: number): boolean {
  return code === 1000;
}
