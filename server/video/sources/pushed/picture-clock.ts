/**
 * Makes strictly increasing video times of the times that a client gives its pictures, which cameras break,
 * repeat and restart.
 *
 * - A time that is not later than the one before, or more than a day later, is skipped.
 * - Three such times in a row that increase are no accident: the clock was changed. One that was set back, as
 *   by a camera that restarts, goes on one tick after the last picture, since video time never falls; one
 *   that was set forward is followed.
 */
export class PictureClock {
  readonly #tick: number;
  #offset = 0;
  #last: number | null = null;
  #doubted: { readonly first: number; readonly newest: number; readonly count: number } | null = null;

  /** @param tick seconds between the last picture of a clock that was set back and the next one */
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

  /** Notes an unbelievable time; returns the first of those that agree once they are enough, else null. */
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
 * Latest time of a picture, in seconds: far above a clock that counts seconds from 1970, far below one that
 * counts milliseconds.
 */
export const latestPictureTime = 1e11;

/** A gap longer than this many seconds is taken for a broken time until the pictures behind it agree. */
const longestGap = 86_400;

/** Pictures in a row that must agree on a new time before the clock is believed to have changed. */
const agreeingPictures = 3;

/**
 * The clock of the pictures now shows another time than the video's: `videoTime = pushedTime + offset`, in
 * seconds.
 */
interface ClockChange {
  /** Time of the first picture taken by the changed clock, as the client gave it. */
  readonly pushedTime: number;
  readonly offset: number;
}

/** What a picture's time means. */
export type ClockReading =
  | { readonly type: 'time'; readonly videoTime: number; readonly change: ClockChange | null }
  /**
   * `broken`: no clock shows it. `out of order`: not later than the picture before, or unbelievably later.
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
