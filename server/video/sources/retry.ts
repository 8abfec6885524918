import type { DuetError, ErrorCode } from '../../errors.js';
import type { Time } from '../time.js';

/** Counts the failures of one source and asks its policy whether to try again. */
export class Retries {
  readonly #policy: RetryPolicy;
  readonly #time: Time;
  #failures = 0;
  #connectedAt = 0;

  constructor(policy: RetryPolicy, time: Time) {
    this.#policy = policy;
    this.#time = time;
  }

  /** The source was opened. */
  connected(): void {
    this.#connectedAt = this.#time.now();
  }

  /** Pictures come: after a healthy while earlier failures no longer count. */
  succeeded(): void {
    if (this.#time.now() - this.#connectedAt >= healthyMs) this.#failures = 0;
  }

  /** When to try again after a failure; null when the policy gives up. */
  after(failure: Omit<SourceFailure, 'failures'>): NextAttempt | null {
    this.#failures += 1;
    const delayMs = this.#policy({ ...failure, failures: this.#failures });
    return delayMs === null ? null : { attempt: this.#failures, delayMs };
  }
}

/** Milliseconds of pictures after which a connection counts as good: a flapping one is tried ever more rarely. */
const healthyMs = 10_000;

/** The attempt to open a source again. */
interface NextAttempt {
  /** From 1, since the source was last well for a while. */
  readonly attempt: number;
  readonly delayMs: number;
}

/** Returns in how many milliseconds to retry a failed source; null gives up. */
export type RetryPolicy = (failure: SourceFailure) => number | null;

/** What went wrong with a source. */
interface SourceFailure {
  readonly error: DuetError;
  /** How often it has failed since it was last well for a while, including this failure. */
  readonly failures: number;
  /** Whether it is live; null where only its pictures will tell, and none has come yet. */
  readonly live: boolean | null;
  /** Whether it has given pictures before. */
  readonly opened: boolean;
}

/** The policy for a source that is tried once: its first failure ends it. */
export const neverRetry: RetryPolicy = () => null;

/**
 * The policy for live sources: attempts ever further apart, from half a second to 15, each shifted at random by
 * up to a quarter, so that many sources of one sender do not come back at once.
 *
 * - A recording is not tried again: it would begin from its start.
 * - Before its first picture, only a source that its address shows to be live is, a few times, and only after
 *   errors that may be over later.
 */
export function retryLive({
  maxAttempts = Infinity,
  random = Math.random,
}: LiveRetryOptions = {}): RetryPolicy {
  return ({ error, failures, live, opened }) => {
    const most = opened ? maxAttempts : Math.min(maxAttempts, firstAttempts);
    if (live !== true || failures > most) return null;
    if (hopeless.has(error.code) || (!opened && !error.retryable)) return null;
    return Math.min(longestDelayMs, 500 * 2 ** (failures - 1)) * (0.75 + random() / 2);
  };
}

/** How long a live source is tried, and where its jitter comes from. */
interface LiveRetryOptions {
  /** Attempts in a row before it is given up; default: without end. */
  readonly maxAttempts?: number | undefined;
  /** Numbers from 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

/** Attempts after the first one for a source that has never given a picture: some 15 seconds. */
const firstAttempts = 5;

const longestDelayMs = 15_000;

/** What no later attempt can mend. */
const hopeless: ReadonlySet<ErrorCode> = new Set(['invalid_request', 'unsupported', 'cancelled', 'internal']);
