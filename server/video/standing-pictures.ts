import { startDecoder } from './decoder.js';
import type { Decoder, DecodingJob, StampedPicture } from './decoder.js';
import { stampTime } from './ffmpeg-log.js';
import type { Picture } from './frame.js';
import type { PicturePlan } from './picture-plan.js';
import type { SourceNotes } from './source-notes.js';

/** What {@link StandingPictures} looks for pictures with. */
export interface StandingPicturesParts {
  readonly job: Omit<DecodingJob, 'filters' | 'maxFrames'>;
  readonly plan: PicturePlan;
  /** The one that reads the video. */
  readonly decoder: Decoder;
  readonly fps: number;
  readonly notes: SourceNotes;
  readonly signal: AbortSignal;
}

/** Seconds by which a place is sought early, so that rounding does not miss the picture there. */
const seekMargin = 0.001;

/** Seconds between samples beyond which the last picture is not looked for: all between would be decoded once more. */
const longestInterval = 10;

/**
 * Finds the pictures that stand still: the last before a gap was seldom sampled itself, but a viewer looks at it for as long as the gap lasts. Each is
 * fetched by a short ffmpeg of its own, from files alone, because most addresses cannot be read from the middle at that price.
 */
export class StandingPictures {
  readonly #parts: StandingPicturesParts;

  constructor(parts: StandingPicturesParts) {
    this.#parts = parts;
  }

  /** The picture at this time of the container's clock; undefined where it cannot be had. */
  async pictureAt(time: number): Promise<Picture | undefined> {
    for await (const { picture, stamp } of this.#from(time, 1)) {
      // Where an index is missing or wrong, seeking leads elsewhere.
      if (Math.abs(stampTime(stamp)) <= 2 * seekMargin) return picture;
    }
    return undefined;
  }

  /** The last picture of the video, which comes at or after a time of the video's clock. */
  async lastPicture(since: number): Promise<Picture | undefined> {
    if (1 / this.#parts.fps > longestInterval) return undefined;
    let last: Picture | undefined;
    for await (const { picture } of this.#from(since)) last = picture;
    return last;
  }

  /**
   * Seconds at which the video ends for its viewer; null unless the container states it and all was read without a complaint: one that was cut off states the
   * length it had.
   */
  end(): number | null {
    const { decoder, notes } = this.#parts;
    const states = /^(mov|matroska)\b/.test(decoder.log.format);
    const whole = decoder.complaints.length === 0 && notes.lines.length === 0;
    return states && whole ? decoder.log.describe().duration : null;
  }

  async *#from(start: number, maxFrames?: number): AsyncGenerator<StampedPicture> {
    const { job, plan, signal } = this.#parts;
    if (!job.input.input.startsWith('file:')) return;
    // ffmpeg seeks from where the first stream begins, also where that is before 0.
    const early = start - seekMargin - Math.min(0, this.#parts.decoder.log.containerStart);
    const seek = ['-ss', Math.max(0, early).toFixed(6)];
    const seeking = { ...job, inputOptions: [...plan.options, ...seek], filters: plan.look, maxFrames };
    try {
      const started = await startDecoder(seeking, signal);
      await using decoder = started.decoder;
      for (
        let next: StampedPicture | undefined = started.first;
        next !== undefined;
        next = await decoder.next()
      ) {
        yield next;
      }
    } catch {
      // The sampled picture stands in; what is wrong with the video, its own reading tells.
    }
  }
}
