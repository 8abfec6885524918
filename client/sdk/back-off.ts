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

/**
 * Wait before attempt `attempt` (from 1): doubled each time, then cut at random to between its half and its whole, so
 * that many clients of a restarted server do not return in the same instant.
 */
export function waitBeforeAttempt(attempt: number, backOff: BackOff, random: () => number): number {
  const whole = Math.min(backOff.longestMs, backOff.firstMs * 2 ** (attempt - 1));
  return whole / 2 + (whole / 2) * random();
}
