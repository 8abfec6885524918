/** The `grid` rule for frames that arrive one by one: the first in each interval [k/F, (k+1)/F) is taken. */
export class SamplingGrid {
  readonly #fps: number;
  #lastTick = -1;

  /** @param fps samples per second, F */
  constructor(fps: number) {
    this.#fps = fps;
  }

  /**
   * Whether the frame at this time (seconds, 0 or later) is the first of its interval; if so, it counts as
   * taken.
   */
  take(videoTime: number): boolean {
    const tick = Math.floor((videoTime + roundingGuard) * this.#fps);
    if (tick <= this.#lastTick) return false;
    this.#lastTick = tick;
    return true;
  }
}

/** Seconds by which a time may fall short of its tick: clients round the times they compute. */
const roundingGuard = 1e-6;
