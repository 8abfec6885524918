import { Signal } from '../../concurrency/signal.js';
import type { Picture, VideoFrame } from '../../video/frame.js';

/** The picture that a session looks at, for whoever wants to see it. Only the newest one is kept. */
export class SeenPictures {
  readonly #changed = new Signal();
  #forViewers: SeenPicture | null = null;

  /**
   * The newest one for people: where some pictures are larger, those without are passed over, for a second at
   * most. Null before the first.
   */
  get forViewers(): SeenPicture | null {
    return this.#forViewers;
  }

  /** @param shown the size in pixels at which a player shows the video; 0 where it is not known */
  show({ picture, videoTime, detail }: VideoFrame, shown: ShownSize): void {
    const number = (this.#forViewers?.number ?? 0) + 1;
    if (detail === undefined && this.#isFresh(videoTime)) return;
    this.#forViewers = { number, videoTime, picture, shown, ...(detail && { detail }) };
    this.#changed.notify();
  }

  /** Whether viewers have had a larger picture just before. */
  #isFresh(videoTime: number): boolean {
    const last = this.#forViewers;
    return last?.detail !== undefined && Math.abs(videoTime - last.videoTime) < detailApart;
  }

  /**
   * The newest picture for viewers once there is one with a number above this; those between are skipped.
   * Null when the signal aborts first.
   */
  async after(number: number, signal: AbortSignal): Promise<SeenPicture | null> {
    while (!signal.aborted) {
      if (this.#forViewers !== null && this.#forViewers.number > number) return this.#forViewers;
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
  /** The same moment in a larger picture of its own shape, where there is one. */
  readonly detail?: NonNullable<VideoFrame['detail']>;
  readonly shown: ShownSize;
}

/** Seconds after which a larger picture is no longer waited for. */
const detailApart = 1;

interface ShownSize {
  readonly width: number;
  readonly height: number;
}
