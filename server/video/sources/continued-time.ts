import type { VideoFrame } from '../frame.js';
import type { Time } from '../time.js';

/**
 * Joins the frames of several connections into one stream: frame numbers continue, and time advances by the
 * wall time in between, by at least one tick.
 */
export class ContinuedTime {
  readonly #tick: number;
  readonly #time: Time;
  #count = 0;
  #reconnections = 0;
  #isFirst = false;
  /** Seconds from the connection's time to the stream's. */
  #offset = 0;
  #last = { videoTime: 0, at: 0 };

  /** @param tick seconds between two samples */
  constructor(tick: number, time: Time) {
    this.#tick = tick;
    this.#time = time;
  }

  /** Frames so far. */
  get count(): number {
    return this.#count;
  }

  /** One warning, once there was a reconnection. */
  get warnings(): readonly string[] {
    const times = this.#reconnections;
    if (times === 0) return [];
    return [`the source broke off and was connected again${times === 1 ? '' : `, ${times} times`}`];
  }

  /** Seconds since the last frame; 0 before the first. */
  gap(): number {
    return this.#count === 0 ? 0 : (this.#time.now() - this.#last.at) / 1000;
  }

  /** The next frame begins another connection. */
  reconnected(): void {
    this.#reconnections += 1;
    this.#isFirst = this.#count > 0;
  }

  /** The frame with its number and time in the joined stream. */
  place(frame: VideoFrame): VideoFrame {
    const at = this.#time.now();
    if (this.#isFirst) {
      const gap = Math.max(this.#tick, (at - this.#last.at) / 1000);
      this.#offset = this.#last.videoTime + gap - frame.videoTime;
      this.#isFirst = false;
    }
    const placed = { ...frame, index: this.#count, videoTime: frame.videoTime + this.#offset };
    this.#count += 1;
    this.#last = { videoTime: placed.videoTime, at };
    return placed;
  }
}
