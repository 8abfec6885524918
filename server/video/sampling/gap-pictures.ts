import { startDecoder } from '../ffmpeg/decoder.js';
import type { Decoder, DecodingJob, StampedPicture } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { Picture } from '../frame.js';
import type { PictureFilters } from '../pictures/picture-filters.js';
import type { SourceNotes } from './source-notes.js';
import { zeroShift } from './start-time.js';

/**
 * Finds the pictures that stand still: the last before a gap was seldom sampled itself, but a viewer looks at
 * it for as long as the gap lasts. Each is fetched by a short ffmpeg of its own, from files alone, because
 * most addresses cannot be read from the middle at that price.
 */
export class GapPictures {
  readonly #parts: GapPicturesParts;

  constructor(parts: GapPicturesParts) {
    this.#parts = parts;
  }

  /** The picture at this time of the container's clock; undefined where it cannot be had. */
  async pictureAt(time: number): Promise<Picture | undefined> {
    for (const lead of leads) {
      for await (const { picture, late } of this.#from(time, { lead, maxFrames: 1 })) {
        // Where an index is missing or wrong, seeking leads elsewhere.
        if (Math.abs(late) <= seekMargin) return picture;
      }
    }
    return undefined;
  }

  /** The last picture of the video, which comes at or after a time of the video's clock. */
  async lastPicture(since: number): Promise<Picture | undefined> {
    if (1 / this.#parts.fps > longestInterval) return undefined;
    let last: Picture | undefined;
    for await (const { picture } of this.#from(since, {})) last = picture;
    return last;
  }

  /**
   * Seconds at which the video ends for its viewer; null unless the container states it and all was read
   * without a complaint: one that was cut off states the length it had.
   */
  end(): number | null {
    const { decoder, notes, job } = this.#parts;
    // Builds before ffmpeg 5 do not notice a Matroska file that was cut off.
    const noticed = job.ffmpeg.libavcodec.major >= 59 ? /^(mov|matroska|gif)\b/ : /^(mov|gif)\b/;
    const states = noticed.test(decoder.log.format);
    const whole = decoder.complaints.length === 0 && notes.lines.length === 0;
    const { duration } = decoder.log.describe();
    // The container counts from its own 0, which is not always that of the viewer.
    const late = Math.max(0, decoder.log.containerStart) - Math.max(0, zeroShift(decoder.log));
    return states && whole && duration !== null ? duration - late : null;
  }

  /** Pictures from a time on, and by how many seconds they come after it. */
  async *#from(
    time: number,
    { lead = 0, maxFrames }: { lead?: number; maxFrames?: number },
  ): AsyncGenerator<{ picture: Picture; late: number }> {
    const { job, look, signal, decoder: reader } = this.#parts;
    if (!job.input.input.startsWith('file:')) return;
    // ffmpeg seeks from where the first stream begins, wherever that is.
    const target = time - zeroShift(reader.log);
    const start = Math.max(0, target - lead - seekMargin);
    const inputOptions = [...look.options, '-ss', start.toFixed(6)];
    const filters = [`select='gte(t,${target - seekMargin - start})'`, ...look.fields, ...look.letterbox];
    try {
      const started = await startDecoder({ ...job, inputOptions, filters, maxFrames }, signal);
      await using decoder = started.decoder;
      for (
        let next: StampedPicture | undefined = started.first;
        next !== undefined;
        next = await decoder.next()
      ) {
        yield { picture: next.picture, late: stampTime(next.stamp) - (target - start) };
      }
    } catch {
      // The sampled picture stands in; what is wrong with the video, its own reading tells.
    }
  }
}

/** What {@link GapPictures} looks for pictures with. */
interface GapPicturesParts {
  readonly job: Omit<DecodingJob, 'filters' | 'maxFrames'>;
  /** How the video's pictures are given their look. */
  readonly look: PictureFilters;
  /** The one that reads the video. */
  readonly decoder: Decoder;
  readonly fps: number;
  readonly notes: SourceNotes;
  readonly signal: AbortSignal;
}

/** Seconds by which a place is sought early, so that rounding does not miss the picture there. */
const seekMargin = 0.001;

/**
 * Seconds to begin earlier: without an index a place between two key pictures is found, but not the key
 * before it.
 */
const leads = [0, 10];

/**
 * Seconds between samples beyond which the last picture is not looked for: all between would be decoded once
 * more.
 */
const longestInterval = 10;
