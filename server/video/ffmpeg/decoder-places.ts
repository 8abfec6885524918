import { DuetError } from '../../errors.js';

/**
 * Bounds how many videos are decoded at once.
 *
 * - When all places are taken, callers wait up to ten seconds, in the order of arrival.
 * - As many may wait as there are places; further callers are turned away at once.
 */
export class DecoderPlaces {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  /** @param limit videos decoded at once, 1 or more */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a place; the function that is returned gives it back, once, however often it is called.
   *
   * @param name how messages name the video.
   * @throws DuetError 'source_failed', retryable, when none became free; what aborted the signal.
   */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    if (this.#taken < this.#limit) this.#taken += 1;
    else await this.#wait(name, signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // The place goes to the next in line, if there is one.
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    };
  }

  #wait(name: string, signal: AbortSignal): Promise<void> {
    if (this.#waiting.length >= this.#limit) return Promise.reject(this.#full(name));
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown) => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        stop();
        reject(reason instanceof Error ? reason : new Error(String(reason)));
      };
      const onAbort = () => {
        leave(signal.reason);
      };
      const timer = setTimeout(() => {
        leave(this.#full(name));
      }, waitMs);
      const stop = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const admit = () => {
        stop();
        resolve();
      };
      this.#waiting.push(admit);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  #full(name: string): DuetError {
    const message =
      `${name} cannot be opened now: ${this.#limit} videos are being ` +
      'decoded, the most at once; try again later';
    return new DuetError('source_failed', message, { retryable: true });
  }
}

/**
 * How long to wait for a place when all are taken, in milliseconds; a video that was just stopped takes a
 * moment to leave.
 */
const waitMs = 10_000;

/** The places used by default. */
export const sharedPlaces = new DecoderPlaces(64);
