import type { Work } from './worker-load.js';

/**
 * Learns how much model time a frame of a realtime source takes on this machine, with the texts and replies
 * that come with it. Older frames count less and less.
 */
export class FrameCost {
  #busyMs = 0;
  #frames = 0;
  #encoded = 0;

  add({ busyMs, frames, encoded, pace }: Work): void {
    this.#encoded += encoded;
    // Frames that run fast are scored in large batches, which take less for each.
    if (pace === 'fast') return;
    this.#busyMs += busyMs;
    this.#frames += frames;
    if (this.#frames <= memoryFrames) return;
    this.#busyMs *= memoryFrames / this.#frames;
    this.#frames = memoryFrames;
  }

  /** Milliseconds for one frame; null before the first. */
  get frameMs(): number | null {
    return this.#frames === 0 ? null : this.#busyMs / this.#frames;
  }

  /** Pictures that were encoded so far; one that several contexts share is encoded once. */
  get encoded(): number {
    return this.#encoded;
  }
}

/** How many frames the figure is the mean of. */
const memoryFrames = 400;
