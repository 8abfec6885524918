/** Arrivals looked at to find the quickest one: more than come late because the model is talking. */
const remembered = 8;
/**
 * How far past the newest frame the clock may run before the next one arrives, in seconds beyond one frame:
 * the time of a reply.
 */
const patience = 0.8;

/**
 * The session's media clock, as far as a page can know it: frames tell their video time when they have been
 * scored.
 *
 * - Between frames the clock runs on with the wall clock; the frame that came with the least delay sets it.
 * - While the model talks, frames wait for it but the video goes on, and so does the clock. It never runs
 *   more than one frame and 0.8 s ahead of the newest frame: when the model falls behind for good, the
 *   clock waits.
 * - Wall times are milliseconds, video times seconds; the caller brings the wall clock.
 */
export class ServerClock {
  readonly #interval: number;
  #arrivals: { readonly videoTime: number; readonly atMs: number }[] = [];

  /** @param samplingFps frames per second of video that the server scores */
  constructor(samplingFps: number) {
    this.#interval = 1 / samplingFps;
  }

  /** The frame at `videoTime` was reported at wall time `atMs`. */
  frame(videoTime: number, atMs: number): void {
    this.#arrivals = [...this.#arrivals, { videoTime, atMs }].slice(-remembered);
  }

  /** Forget the past: the clock was held and goes on from the next frame. */
  restart(): void {
    this.#arrivals = [];
  }

  /** Video time at wall time `nowMs`; null before the first frame. */
  now(nowMs: number): number | null {
    const newest = this.#arrivals.at(-1);
    if (newest === undefined) return null;
    const startMs = Math.min(...this.#arrivals.map(({ videoTime, atMs }) => atMs - videoTime * 1000));
    return Math.min((nowMs - startMs) / 1000, newest.videoTime + this.#interval + patience);
  }
}
