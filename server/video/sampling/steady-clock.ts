import type { StampedPicture } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { Picture } from '../frame.js';
import type { SourceNotes } from './source-notes.js';

/**
 * Puts decoded pictures on a clock that always moves forward.
 *
 * - A picture without a time is left out.
 * - A time far ahead of the last, or not after it, counts only once the next picture continues from it: one
 *   damaged time costs one picture, not the rest of the video.
 * - When the clock is set back (joined files, a restarted recorder), time continues from the last picture.
 * - A live clock that is set back, or further forward than time has passed here, goes on by what has passed
 *   here.
 */
export async function* onSteadyClock(
  pictures: AsyncIterable<StampedPicture>,
  options: SteadyClockOptions,
  notes: SourceNotes,
): AsyncGenerator<TimedPicture> {
  const clock = new SteadyClock(options, notes);
  for await (const stamped of pictures) yield* clock.take(stamped);
  yield* clock.end();
}

/** A picture at its moment on the video's clock. */
export interface TimedPicture {
  readonly picture: Picture;
  /** Seconds. */
  readonly videoTime: number;
  /**
   * Time, on the container's clock, of the picture shown until this one, if that was not the last one
   * returned.
   */
  readonly standing?: number;
}

/** How decoded times map to the video's. */
interface SteadyClockOptions {
  /** Seconds to add to the decoder's times. */
  readonly shift: number;
  /** Seconds from the last picture to the next one when the clock is set back. */
  readonly interval: number;
  /** Live pictures are not held back to see what follows a gap. */
  readonly live: boolean;
  /** Wall time in milliseconds. */
  readonly now: () => number;
}

/** A time more than this many seconds ahead is believed only if the next one confirms it. */
const doubtfulGap = 10;

/** Seconds that a sender's clock may lose in a second. */
const clockDrift = 0.001;

/** Precision in seconds to which the decoder rounds the times of pictures it only mentions. */
const printedPrecision = 2e-6;

/** A picture with its time on the container's clock. */
interface Sighting {
  readonly picture: Picture;
  readonly time: number;
  /** Wall time in milliseconds. */
  readonly at: number;
  readonly previousTime?: number;
}

class SteadyClock {
  readonly #options: SteadyClockOptions;
  readonly #notes: SourceNotes;
  /** Seconds to add to make up for clocks that were set back. */
  #offset = 0;
  #last = -Infinity;
  /** Wall time at which it came, in milliseconds. */
  #lastAt = -Infinity;
  /** Seconds by which the video's clock is ahead of the wall's when pictures come with the least delay. */
  #lead = -Infinity;
  /** Time of the last picture, on the container's clock. */
  #lastDecoded = -Infinity;
  #doubtful: Sighting | undefined;

  constructor(options: SteadyClockOptions, notes: SourceNotes) {
    this.#options = options;
    this.#notes = notes;
  }

  *take({ picture, stamp }: StampedPicture): Generator<TimedPicture> {
    const { shift } = this.#options;
    const time = stampTime(stamp, shift);
    if (Number.isNaN(time)) {
      this.#notes.leftOut += 1;
      return;
    }
    const { previousTime } = stamp;
    const at = this.#options.now();
    const seen = {
      picture,
      time,
      at,
      ...(previousTime !== undefined && { previousTime: previousTime + shift }),
    };
    const doubted = this.#doubtful;
    this.#doubtful = undefined;
    if (doubted !== undefined) {
      if (this.#confirms(doubted, seen)) yield this.#believe(doubted);
      else this.#notes.leftOut += 1;
    }
    if (this.#isPlausible(seen)) yield this.#believe(seen);
    else this.#doubtful = seen;
  }

  /** Nothing can confirm a time at the end: a picture after a gap is shown, one that steps back is not. */
  *end(): Generator<TimedPicture> {
    if (this.#doubtful === undefined) return;
    if (this.#at(this.#doubtful) > this.#last) yield this.#believe(this.#doubtful);
    else this.#notes.leftOut += 1;
  }

  #at({ time }: Sighting): number {
    return time + this.#offset;
  }

  #isPlausible(seen: Sighting): boolean {
    const ahead = this.#at(seen) - this.#last;
    return ahead > 0 && (ahead <= doubtfulGap || this.#last === -Infinity || !this.#isLeap(seen));
  }

  /** Whether the clock has gone on by far more than has passed here, which only a live one cannot. */
  #isLeap(seen: Sighting): boolean {
    return !this.#options.live || this.#at(seen) - this.#last > this.#passed(seen) + doubtfulGap;
  }

  /** Seconds here from the last picture to this one. */
  #passed({ at }: Sighting): number {
    return (at - this.#lastAt) / 1000;
  }

  #confirms(doubted: Sighting, next: Sighting): boolean {
    if (next.time <= doubted.time) return false;
    return this.#at(doubted) > this.#last || this.#at(next) <= this.#last;
  }

  #believe(seen: Sighting): TimedPicture {
    const ahead = this.#at(seen) - this.#last;
    if (ahead <= 0) this.#setBack(seen);
    else if (this.#options.live && this.#last !== -Infinity && this.#isLeap(seen)) this.#goOn(seen);
    const videoTime = this.#at(seen);
    const { picture, time, previousTime: standing = -Infinity } = seen;
    const newer = standing > this.#lastDecoded + printedPrecision && standing < time;
    // What the sender's clock loses against ours in a day is forgotten as quickly.
    const drift = this.#last === -Infinity ? 0 : this.#passed(seen) * clockDrift;
    this.#lead = Math.max(this.#lead - drift, videoTime - seen.at / 1000);
    this.#last = videoTime;
    this.#lastAt = seen.at;
    this.#lastDecoded = time;
    return { picture, videoTime, ...(newer && { standing }) };
  }

  /** The old clock's last picture, if known, came a little later than the last one returned. */
  #setBack(seen: Sighting): void {
    const before = this.#last;
    this.#notes.setBack(before);
    if (this.#options.live) {
      this.#goOn(seen);
      return;
    }
    const sinceDecoded = (seen.previousTime ?? this.#lastDecoded) - this.#lastDecoded;
    const later = sinceDecoded > 0 && sinceDecoded < doubtfulGap ? sinceDecoded : 0;
    this.#offset += before + later + this.#options.interval - this.#at(seen);
  }

  /**
   * Puts the first picture of a live sender's new clock where it belongs by the time that has passed here.
   * The old clock's last picture may have come just before it, held back by the decoder, so that is not
   * asked.
   */
  #goOn(seen: Sighting): void {
    const { interval, shift } = this.#options;
    this.#offset += Math.max(this.#last + interval, this.#lead + seen.at / 1000) - this.#at(seen);
    this.#notes.tell({
      type: 'source.clock.changed',
      pushedTime: seen.time - shift,
      offset: shift + this.#offset,
    });
  }
}
