import { startDecoder } from '../ffmpeg/decoder.js';
import type { Decoder, DecodingJob, StampedPicture } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/frame-stamp.js';
import type { Picture } from '../frame.js';
import type { PictureFilters } from '../pictures/picture-filters.js';
import type { SourceNotes } from './source-notes.js';
import { zeroShift } from './start-time.js';

/**
 * Finds the pictures shown during gaps. The last one before a gap was seldom sampled itself, but a viewer
 * sees it for the whole gap. Each is fetched by a short ffmpeg run of its own, from files only, because
 * seeking in most addresses would cost too much.
 */
export class GapPictures {
  readonly #parts: GapPicturesParts;

  constructor(parts: GapPicturesParts) {
    this.#parts = parts;
  }

  /** The picture at a time on the container's clock; undefined when it cannot be fetched. */
  async pictureAt(time: number): Promise<Picture | undefined> {
    for (const lead of leads) {
      for await (const { picture, late } of this.#from(time, { lead, maxFrames: 1 })) {
        // Seeking goes wrong when an index is missing or wrong.
        if (Math.abs(late) <= seekMargin) return picture;
      }
    }
    return undefined;
  }

  /** The last picture of the video, at or after a time on the video's clock. */
  async lastPicture(since: number): Promise<Picture | undefined> {
    if (1 / this.#parts.fps > longestInterval) return undefined;
    let last: Picture | undefined;
    for await (const { picture } of this.#from(since, {})) last = picture;
    return last;
  }

  /**
   * Seconds at which the video ends for its viewer; null unless the container states it and everything was
   * read without complaints: a truncated file still states its former length.
   */
  end(): number | null {
    const { decoder, notes, job } = this.#parts;
    // Builds before ffmpeg 5 do not notice a truncated Matroska file.
    const noticed = job.ffmpeg.libavcodec.major >= 59 ? /^(mov|matroska|gif)\b/ : /^(mov|gif)\b/;
    const states = noticed.test(decoder.log.format);
    const whole = decoder.complaints.length === 0 && notes.lines.length === 0;
    const { duration } = decoder.log.describe();
    // The container counts from its own 0, which is not always the viewer's.
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
    // ffmpeg seeks relative to the start of the first stream.
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
      // The sampled picture is used instead; the main decoder reports what is wrong with the video.
    }
  }
}

/** What {@link GapPictures} needs to find pictures. */
interface GapPicturesParts {
  readonly job: Omit<DecodingJob, 'filters' | 'maxFrames'>;
  /** How the video's pictures are processed. */
  readonly look: PictureFilters;
  /** The log of the ffmpeg that reads the video. */
  readonly decoder: Decoder;
  readonly fps: number;
  readonly notes: SourceNotes;
  readonly signal: AbortSignal;
}

/** Seconds to seek early, so that rounding does not miss the picture. */
const seekMargin = 0.001;

/**
 * Seconds to start earlier: without an index ffmpeg can seek between two key frames but does not find the one
 * before.
 */
const leads = [0, 10];

/**
 * Above this many seconds between samples the last picture is not fetched: everything between would be
 * decoded a second time.
 */
const longestInterval = 10;
