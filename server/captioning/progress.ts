import type { CaptionProgress } from './plan.js';

/** How often progress is told at most, in milliseconds. */
const everyMs = 500;

/**
 * How far several videos have come together; a video counts by its size, as its length is not known before.
 */
export class Progress {
  readonly #total: number;
  readonly #tell: ((progress: CaptionProgress) => void) | undefined;
  /** Bytes of every video that is to be played, and the share of it that was. */
  readonly #videos = new Map<string, { readonly bytes: number; share: number }>();
  #done = 0;
  #toldMs = -Infinity;

  constructor(total: number, tell: ((progress: CaptionProgress) => void) | undefined) {
    this.#total = total;
    this.#tell = tell;
  }

  /** Videos that are done. */
  get done(): number {
    return this.#done;
  }

  /** Counts a video that needs not be played. */
  skip(): void {
    this.#done += 1;
  }

  /** Counts a video that will be played. */
  expect(path: string, bytes: number): void {
    this.#videos.set(path, { bytes, share: 0 });
  }

  /** A frame of a video was scored; `duration` is its length in seconds, if known. */
  frame(path: string, videoTime: number, duration: number | null): void {
    const video = this.#videos.get(path);
    if (video === undefined || duration === null || duration <= 0) return;
    video.share = Math.min(1, videoTime / duration);
    this.#show(false);
  }

  /** A video is done. */
  finish(path: string): void {
    const video = this.#videos.get(path);
    if (video !== undefined) video.share = 1;
    this.#done += 1;
    this.#show(true);
  }

  #show(now: boolean): void {
    const time = performance.now();
    if (this.#tell === undefined || (!now && time - this.#toldMs < everyMs)) return;
    this.#toldMs = time;
    const videos = [...this.#videos.values()];
    const all = videos.reduce((sum, { bytes }) => sum + bytes, 0);
    const played = videos.reduce((sum, { bytes, share }) => sum + bytes * share, 0);
    this.#tell({ done: this.#done, total: this.#total, share: all === 0 ? 1 : played / all });
  }
}
