import type { SamplingOptions } from './sampling-options.js';
import type { Time } from '../time.js';

/**
 * Releases each frame of a recorded video at its time.
 *
 * - `fast` releases it at once, `realtime` at its `videoTime` on the wall clock, counted from the first
 *   frame.
 * - Each release time is computed from the frame's own time, so lateness does not add up: after a slow
 *   reader, all frames that are due come at once.
 * - While paused no frame is released, and the clock stands still.
 */
export class PlaybackClock {
  readonly #pacing: SamplingOptions['pacing'];
  readonly #time: Time;
  /** Wall time of video time 0, in milliseconds; undefined before the first frame. */
  #origin: number | undefined;
  #pausedAt: number | undefined;
  #wake: () => void = () => undefined;

  constructor(pacing: SamplingOptions['pacing'], time: Time) {
    this.#pacing = pacing;
    this.#time = time;
  }

  /**
   * Resolves when a frame with this `videoTime` (seconds) may be released, or when the signal is aborted. One
   * frame at a time may wait.
   */
  async wait(videoTime: number, signal: AbortSignal): Promise<void> {
    for (let delay = this.#delay(videoTime); delay > 0 && !signal.aborted; delay = this.#delay(videoTime)) {
      await this.#sleep(delay, signal);
    }
  }

  pause(): void {
    if (this.#pausedAt !== undefined) return;
    this.#pausedAt = this.#time.now();
    this.#wake();
  }

  resume(): void {
    if (this.#pausedAt === undefined) return;
    if (this.#origin !== undefined) this.#origin += this.#time.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    this.#wake();
  }

  #delay(videoTime: number): number {
    if (this.#pausedAt !== undefined) return Infinity;
    if (this.#pacing === 'fast') return 0;
    this.#origin ??= this.#time.now() - videoTime * 1000;
    return this.#origin + videoTime * 1000 - this.#time.now();
  }

  /** Sleeps this long, or until paused, resumed or aborted. */
  async #sleep(delay: number, signal: AbortSignal): Promise<void> {
    // Not AbortSignal.any: each call would leave something behind on a signal that lives as long as the
    // server.
    const woken = new AbortController();
    const wake = () => {
      woken.abort();
    };
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    await this.#time.sleep(Math.min(delay, longestTimer), woken.signal).catch(() => undefined);
    signal.removeEventListener('abort', wake);
  }
}

/**
 * Milliseconds; setTimeout fires at once beyond 2^31. A paused clock also wakes this often, without effect.
 */
const longestTimer = 3_600_000;
