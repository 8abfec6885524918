import type { VideoFrame } from '../../video/frame.js';
import { Signal } from '../../concurrency/signal.js';

/** What a full queue does: make its writer wait, or drop its oldest frame. */
type FullRule = 'wait' | 'drop-oldest';

/**
 * Frames on their way from a source to the model; bounded.
 *
 * - `wait`: `push` resolves once there is room, so a recorded video is decoded no faster than it is watched.
 * - `drop-oldest`: `push` never waits; dropped frames are counted.
 */
export class FrameQueue {
  readonly #limit: number;
  readonly #rule: FullRule;
  readonly #changed = new Signal();
  #frames: VideoFrame[] = [];
  #ended = false;
  #dropped = 0;

  constructor(options: { limit: number; rule: FullRule }) {
    this.#limit = options.limit;
    this.#rule = options.rule;
  }

  get length(): number {
    return this.#frames.length;
  }

  /** Frames dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Media time of the newest waiting frame; null when none waits. */
  get newestTime(): number | null {
    return this.#frames.at(-1)?.videoTime ?? null;
  }

  /** Adds a frame; resolves to false once the queue has ended, so that the writer stops. */
  async push(frame: VideoFrame): Promise<boolean> {
    while (this.#frames.length >= this.#limit && this.#rule === 'wait' && !this.#ended) {
      await this.#changed.wait();
    }
    if (this.#ended) return false;
    if (this.#frames.length >= this.#limit) {
      this.#frames.shift();
      this.#dropped += 1;
    }
    this.#frames.push(frame);
    this.#changed.notify();
    return true;
  }

  /**
   * Takes the oldest frames, at most `most`, after waiting for `least` of them or for a full queue. Returns
   * fewer only at the end; none means that no more will come.
   */
  async take(most: number, least = 1): Promise<readonly VideoFrame[]> {
    const enough = Math.min(least, this.#limit);
    while (this.#frames.length < enough && !this.#ended) await this.#changed.wait();
    const taken = this.#frames.splice(0, most);
    this.#changed.notify();
    return taken;
  }

  /** Ends the queue; waiting frames can still be taken. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** Ends the queue and drops waiting frames. */
  abandon(): void {
    this.#frames = [];
    this.end();
  }
}
