import type { DuetError, ErrorCode } from '../../errors.js';
import type { Time } from '../time.js';

/** Counts the failures of one source and asks its policy whether to try again. */
export class Retries {
  readonly #policy: RetryPolicy;
  readonly #time: Time;
  #failures = 0;
  /** Failures of the newest kind in a row. */
  #inARow: { readonly kind: FailureKind; readonly count: number } | null = null;
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
    this.#inARow = null;
  }

  /** When to try again after a failure; null when the policy gives up. */
  after(failure: Omit<SourceFailure, 'failures' | 'kind' | 'inARow'>): NextAttempt | null {
    this.#failures += 1;
    const kind = kindOf(failure);
    const inARow = this.#inARow?.kind === kind ? this.#inARow.count + 1 : 1;
    this.#inARow = { kind, count: inARow };
    const delayMs = this.#policy({ ...failure, failures: this.#failures, kind, inARow });
    return delayMs === null ? null : { attempt: this.#failures, delayMs };
  }
}

/**
 * Milliseconds of pictures after which a connection counts as good: a flapping one is tried ever more rarely.
 */
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
  readonly kind: FailureKind;
  /** How often in a row it has failed in this way, including this failure. */
  readonly inARow: number;
  /** Whether it is live; null where only its pictures will tell, and none has come yet. */
  readonly live: boolean | null;
  /** Whether it has given pictures before. */
  readonly opened: boolean;
  /** Whether the connection that failed had given pictures: nothing was wrong with the source, then. */
  readonly played: boolean;
}

/** The policy for a source that is tried once: its first failure ends it. */
export const neverRetry: RetryPolicy = () => null;

/**
 * The policy for live sources: attempts ever further apart, from half a second to 15, each shifted at random
 * by up to a quarter, so that many sources of one sender do not come back at once. How many there are depends
 * on what went wrong, see {@link attemptsFor}.
 *
 * A recording is not tried again, as it would begin from its start, and neither is what may be one, before
 * its first picture.
 */
export function retryLive({
  maxAttempts = Infinity,
  random = Math.random,
}: LiveRetryOptions = {}): RetryPolicy {
  return ({ kind, failures, inARow, live, opened }) => {
    const attempts = attemptsFor[kind][opened ? 'later' : 'first'];
    if (live !== true || failures > maxAttempts || inARow > attempts) return null;
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

/**
 * - `passing`: the network or the server is away or overloaded, or a stream that played broke off.
 * - `nameless`: nobody knows the name of the host. Once it had one, it may just be switched off.
 * - `missing`: its server is there, the stream is not; perhaps it is not being sent now.
 * - `refused`: a certificate that is not valid, a wrong password, something that is no video or cannot be
 *   decoded.
 * - `invalid`: what no server can mend.
 */
type FailureKind = 'passing' | 'nameless' | 'missing' | 'refused' | 'invalid';

/**
 * Attempts after so many failures of one kind in a row, before the first picture and after it. With the
 * delays above, 5 take a quarter of a minute, 8 a minute, and 44 ten.
 */
const attemptsFor: Readonly<Record<FailureKind, { readonly first: number; readonly later: number }>> = {
  passing: { first: 5, later: Infinity },
  nameless: { first: 0, later: Infinity },
  missing: { first: 0, later: 44 },
  refused: { first: 0, later: 8 },
  invalid: { first: 0, later: 0 },
};

function kindOf({ error, played }: Pick<SourceFailure, 'error' | 'played'>): FailureKind {
  const { code, retryable, cause } = error;
  if (invalid.has(code)) return 'invalid';
  if (retryable || played) return 'passing';
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND') return 'nameless';
  return code === 'not_found' ? 'missing' : 'refused';
}

const invalid: ReadonlySet<ErrorCode> = new Set(['invalid_request', 'unsupported', 'cancelled', 'internal']);

const longestDelayMs = 15_000;
