import { Signal } from '../../concurrency/signal.js';
import type { Picture, VideoFrame } from '../../video/frame.js';

/** The picture that a session looks at, for whoever wants to see it. Only the newest one is kept. */
export class SeenPictures {
  readonly #changed = new Signal();
  #newest: SeenPicture | null = null;

  /** Null before the first. */
  get newest(): SeenPicture | null {
    return this.#newest;
  }

  /** @param shown the size in pixels at which a player shows the video; 0 where it is not known */
  show({ picture, videoTime }: VideoFrame, shown: ShownSize): void {
    this.#newest = { number: (this.#newest?.number ?? 0) + 1, videoTime, picture, shown };
    this.#changed.notify();
  }

  /**
   * The newest picture once there is one with a number above this; those between are skipped. Null when the
   * signal aborts first.
   */
  async after(number: number, signal: AbortSignal): Promise<SeenPicture | null> {
    while (!signal.aborted) {
      if (this.#newest !== null && this.#newest.number > number) return this.#newest;
      await this.#changed.wait(signal);
    }
    return null;
  }
}

/** A picture as the model sees it: square, whatever the video is. */
export interface SeenPicture {
  /** Counts the pictures that were seen, from 1. */
  readonly number: number;
  /** Seconds on the media clock. */
  readonly videoTime: number;
  readonly picture: Picture;
  readonly shown: ShownSize;
}

interface ShownSize {
  readonly width: number;
  readonly height: number;
}
