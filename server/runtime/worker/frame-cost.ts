import { RunningRatio } from '../running-ratio.js';
import type { Work } from './worker-load.js';

/**
 * Learns how much model time a frame of a realtime source takes on this machine, with the texts and replies
 * that come with it.
 */
export class FrameCost {
  readonly #busyPerFrame = new RunningRatio({ first: 0, weight: 0, memory: memoryFrames });
  #encoded = 0;

  add({ busyMs, frames, encoded, pace }: Work): void {
    this.#encoded += encoded;
    // Frames that run fast are scored in large batches, which take less for each.
    if (pace === 'realtime') this.#busyPerFrame.add(busyMs, frames);
  }

  /** Milliseconds for one frame; null before the first. */
  get frameMs(): number | null {
    return this.#busyPerFrame.value;
  }

  /** Pictures that were encoded so far; one that several contexts share is encoded once. */
  get encoded(): number {
    return this.#encoded;
  }
}

/** How many frames the figure is the mean of. */
const memoryFrames = 200;
