/**
 * The `grid` rule for frames that come one by one: at most one in each interval [k/F, (k+1)/F), the first.
 */
export class SamplingGrid {
  readonly #fps: number;
  #lastTick = -1;

  /** @param fps samples per second, F */
  constructor(fps: number) {
    this.#fps = fps;
  }

  /** Whether the frame at this time (seconds, 0 or later) is the first of its interval; it is then taken. */
  take(videoTime: number): boolean {
    const tick = Math.floor((videoTime + roundingGuard) * this.#fps);
    if (tick <= this.#lastTick) return false;
    this.#lastTick = tick;
    return true;
  }
}

/** Seconds by which a time may fall short of its tick: the rounding of times that clients compute. */
const roundingGuard = 1e-6;
