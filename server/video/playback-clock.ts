import type { SamplingOptions } from './stream.js';
import type { Time } from './time.js';

/**
 * Lets each frame of a recorded video go at its moment.
 *
 * - `fast` lets it go at once, `realtime` at its `videoTime` on the wall clock, counted from the first frame.
 * - Each moment is computed from the frame's own time, so lateness does not add up: after a slow reader the frames due come at once.
 * - While paused no frame goes, and the clock stands still.
 */
export class PlaybackClock {
  readonly #pacing: SamplingOptions['pacing'];
  readonly #time: Time;
  /** Wall time of video time 0, in milliseconds; undefined before the first frame. */
  #origin: number | undefined;
  #pausedAt: number | undefined;
  #change = new AbortController();

  constructor(pacing: SamplingOptions['pacing'], time: Time) {
    this.#pacing = pacing;
    this.#time = time;
  }

  /** Resolves when a frame of this `videoTime` (seconds) may go; resolves early when the signal is aborted. */
  async wait(videoTime: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delay = this.#delay(videoTime);
      if (delay <= 0) return;
      const woken = AbortSignal.any([signal, this.#change.signal]);
      // A rejection means a pause, a resume or the end: look again.
      await (
        delay === Infinity ? aborted(woken) : this.#time.sleep(Math.min(delay, longestTimer), woken)
      ).catch(() => undefined);
    }
  }

  pause(): void {
    if (this.#pausedAt !== undefined) return;
    this.#pausedAt = this.#time.now();
    this.#notify();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    if (this.#origin !== undefined) this.#origin += this.#time.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#notify();
  }

  #delay(videoTime: number): number {
    if (this.#pausedAt !== undefined) return Infinity;
    if (this.#pacing === 'fast') return 0;
    this.#origin ??= this.#time.now() - videoTime * 1000;
    return this.#origin + videoTime * 1000 - this.#time.now();
  }

  #notify(): void {
    const change = this.#change;
    this.#change = new AbortController();
    change.abort();
  }
}

/** setTimeout runs out at once beyond 2^31 ms. */
const longestTimer = 60_000;

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
