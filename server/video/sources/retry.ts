import { toDuetError, type DuetError } from '../../errors.js';
import { cancelled } from '../ffmpeg/failure.js';
import type { Time } from '../time.js';

/** Counts the failures of one source, and waits between attempts. */
export class Retries {
  readonly #name: string;
  readonly #policy: RetryPolicy;
  readonly #time: Time;
  #failures = 0;

  /** @param name the source's name in messages */
  constructor(name: string, policy: RetryPolicy, time: Time) {
    this.#name = name;
    this.#policy = policy;
    this.#time = time;
  }

  /** A frame arrived: earlier failures no longer count. */
  succeeded(): void {
    this.#failures = 0;
  }

  /**
   * Waits until the source should be tried again.
   *
   * @param onWait called with the delay in milliseconds.
   * @throws the given failure when the policy gives up or the signal is already aborted; DuetError
   * 'cancelled' when it is aborted during the wait.
   */
  async waitAfter(
    thrown: unknown,
    onWait: (delayMs: number, error: DuetError) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const error = toDuetError(thrown);
    this.#failures += 1;
    const delayMs = signal.aborted ? null : this.#policy({ error, failures: this.#failures });
    if (delayMs === null) throw thrown;
    onWait(delayMs, error);
    await this.#time.sleep(delayMs, signal).catch(() => {
      throw cancelled(this.#name, signal);
    });
  }
}

/** Returns in how many milliseconds to retry a failed source; null gives up. */
export type RetryPolicy = (failure: SourceFailure) => number | null;

/** What went wrong with a source. */
interface SourceFailure {
  readonly error: DuetError;
  /** How often it has failed since its last frame, including this failure. */
  readonly failures: number;
}

/** The policy for a source that is tried once: its first failure ends it. */
export const neverRetry: RetryPolicy = () => null;
