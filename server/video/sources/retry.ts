import { toDuetError, type DuetError } from '../../errors.js';
import { cancelled } from '../ffmpeg/failure.js';
import type { Time } from '../time.js';

/** Counts the failures of one source, and waits between its attempts. */
export class Retries {
  readonly #name: string;
  readonly #policy: RetryPolicy;
  readonly #time: Time;
  #failures = 0;

  /** @param name how messages name the source */
  constructor(name: string, policy: RetryPolicy, time: Time) {
    this.#name = name;
    this.#policy = policy;
    this.#time = time;
  }

  /** A frame came: what failed before is forgotten. */
  succeeded(): void {
    this.#failures = 0;
  }

  /**
   * Waits until the source is to be tried again.
   *
   * @param onWait told how long that takes.
   * @throws what was thrown, when the policy gives it up or the signal is aborted already; DuetError
   * 'cancelled' when it is aborted while this waits.
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

/** Says in how many milliseconds a source that failed is tried again; null gives it up. */
export type RetryPolicy = (failure: SourceFailure) => number | null;

/** What went wrong with a source. */
interface SourceFailure {
  readonly error: DuetError;
  /** How often it has failed since its last frame, this failure included. */
  readonly failures: number;
}

/** The policy of a source that is tried once: its first failure is its end. */
export const oneAttempt: RetryPolicy = () => null;
