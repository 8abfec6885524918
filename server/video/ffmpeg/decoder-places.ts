import { DuetError } from '../../errors.js';

/**
 * Bounds how many videos are decoded at once.
 *
 * - When all places are taken, callers wait up to ten seconds, in order of arrival.
 * - As many may wait as there are places; further callers are refused at once.
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
   * Takes a place and returns the function that gives it back, which may be called more than once.
   *
   * @param name the video's name in messages.
   * @throws DuetError 'source_failed', retryable, when no place became free; the signal's reason when it is
   * aborted.
   */
  async take(name: string, signal: AbortSignal): Promise<() => void> {
    if (this.#taken < this.#limit) this.#taken += 1;
    else await this.#wait(name, signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // Pass the place to the next in line, if there is one.
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
 * How long to wait for a free place, in milliseconds; a video that was just stopped takes a moment to end.
 */
const waitMs = 10_000;

/** The default places, shared by the whole process. */
export const sharedPlaces = new DecoderPlaces(64);
