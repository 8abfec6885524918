/**
 * Makes strictly increasing video times from the times a client gives its pictures. Cameras send broken and
 * repeated times, and restart their clocks.
 *
 * - A time that is not later than the previous one, or more than a day later, is skipped.
 * - Three such times in a row that increase mean that the clock was changed. If it was set back, as by a
 *   restarted camera, video time continues one tick after the last picture, because it never falls; if it was
 *   set forward, video time follows.
 */
export class PictureClock {
  readonly #tick: number;
  #offset = 0;
  #last: number | null = null;
  #doubted: { readonly first: number; readonly newest: number; readonly count: number } | null = null;

  /** @param tick seconds between the last picture before the clock was set back and the next one */
  constructor(tick: number) {
    this.#tick = tick;
  }

  /** Reads the next picture's time (seconds on the client's clock). */
  read(pushedTime: number): ClockReading {
    if (!(pushedTime >= 0 && pushedTime <= latestPictureTime)) return broken(pushedTime);
    const videoTime = pushedTime + this.#offset;
    if (this.#last === null) return this.#accept(videoTime);
    if (videoTime > this.#last && videoTime <= this.#last + longestGap) return this.#accept(videoTime);
    const first = this.#doubt(pushedTime);
    if (first === null) return outOfOrder(pushedTime, this.#last - this.#offset);
    if (videoTime <= this.#last) this.#offset = this.#last + this.#tick - first;
    return this.#accept(pushedTime + this.#offset, { pushedTime, offset: this.#offset });
  }

  #accept(videoTime: number, change: ClockChange | null = null): ClockReading {
    this.#last = videoTime;
    this.#doubted = null;
    return { type: 'time', videoTime, change };
  }

  /** Notes an implausible time; once enough of them agree, returns the first of those, else null. */
  #doubt(pushedTime: number): number | null {
    const before = this.#doubted;
    const agrees = before !== null && pushedTime > before.newest;
    const first = agrees ? before.first : pushedTime;
    const count = agrees ? before.count + 1 : 1;
    this.#doubted = { first, newest: pushedTime, count };
    return count < agreeingPictures ? null : first;
  }
}

/**
 * Latest time of a picture, in seconds: well above a clock that counts seconds from 1970, well below one that
 * counts milliseconds.
 */
export const latestPictureTime = 1e11;

/** A gap longer than this many seconds is taken for a broken time until the following pictures agree. */
const longestGap = 86_400;

/** Pictures in a row that must agree on a new time before the clock is believed to have changed. */
const agreeingPictures = 3;

/**
 * The offset between the client's clock and the video's has changed: `videoTime = pushedTime + offset`, in
 * seconds.
 */
interface ClockChange {
  /** Time of the first picture accepted from the changed clock, as the client gave it. */
  readonly pushedTime: number;
  readonly offset: number;
}

/** What a picture's time means. */
export type ClockReading =
  | { readonly type: 'time'; readonly videoTime: number; readonly change: ClockChange | null }
  /**
   * `broken`: not a valid time. `out of order`: not later than the previous picture, or implausibly later.
   */
  | { readonly type: 'fault'; readonly fault: 'broken' | 'out of order'; readonly message: string };

function broken(pushedTime: number): ClockReading {
  const range =
    pushedTime <= latestPictureTime ? '0 or more' : `at most ${latestPictureTime}: seconds, not milliseconds`;
  const wanted = Number.isNaN(pushedTime) ? 'a number' : range;
  return {
    type: 'fault',
    fault: 'broken',
    message: `the picture's time is ${pushedTime} seconds; it must be ${wanted}`,
  };
}

function outOfOrder(pushedTime: number, before: number): ClockReading {
  const wanted =
    pushedTime > before
      ? `less than a day above ${before}, the time of the picture before`
      : `above ${before}, the time of the picture before`;
  return {
    type: 'fault',
    fault: 'out of order',
    message: `the picture's time is ${pushedTime} seconds; it must be ${wanted}`,
  };
}
