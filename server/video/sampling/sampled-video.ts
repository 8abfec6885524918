import { DuetError } from '../../errors.js';
import type { StartedDecoder } from '../ffmpeg/decoder.js';
import { cancelled } from '../ffmpeg/failure.js';
import type { FfmpegInput } from '../ffmpeg/input.js';
import type { Picture, VideoFrame } from '../frame.js';
import type { Size } from '../pictures/letterbox-size.js';
import type { SourceNotes } from './source-notes.js';
import type { TimedPicture } from './steady-clock.js';
import { PlaybackClock } from './playback-clock.js';
import type { SamplingOptions } from './sampling-options.js';
import type { FrameStream, StreamNotice, VideoInfo } from '../stream.js';
import type { Time } from '../time.js';

/** A decoder's frames on the video's clock; owns the decoder. */
export class SampledVideo implements FrameStream {
  readonly info: VideoInfo;
  readonly #parts: SampledVideoParts;
  readonly #clock: PlaybackClock;
  /** Aborted by disposal and by the opening's signal. */
  readonly #stop = new AbortController();
  readonly #onAbort = (): void => {
    this.#stop.abort();
  };
  #paused = false;
  #iterated = false;

  constructor(parts: SampledVideoParts) {
    const { width, height, fps, duration, codec } = parts.decoder.log.describe();
    const { live } = parts.input;
    const length = live ? null : (parts.duration ?? duration);
    this.info = { width, height, fps, duration: length, codec, live };
    this.#parts = parts;
    this.#clock = new PlaybackClock(this.info.live ? 'fast' : parts.pacing, parts.time);
    parts.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (parts.signal.aborted) this.#stop.abort();
  }

  get brokenOff(): boolean {
    const { live, finished } = this.#parts.input;
    return live && finished?.() !== true;
  }

  get quietSeconds(): number | undefined {
    return this.#parts.input.quietSeconds;
  }

  /**
   * ffmpeg's complaints so far, and notes about the video's times. A truncated file ends without an error,
   * but leaves a warning here.
   */
  get warnings(): readonly string[] {
    return [...this.#parts.decoder.complaints, ...this.#parts.notes.lines];
  }

  /** Tells of new sizes, and of a live sender's clock. */
  listen(hear: (notice: StreamNotice) => void): void {
    const { decoder, notes } = this.#parts;
    notes.tell = hear;
    decoder.log.onResize = (width, height) => {
      hear({ type: 'source.resized', width, height });
    };
  }

  pause(): void {
    this.#paused = true;
    if (!this.info.live) this.#clock.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#clock.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
    await this.#parts.decoder[Symbol.asyncDispose]();
    await this.#parts.input[Symbol.asyncDispose]();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    if (this.#iterated)
      throw new DuetError('internal', `the frames of ${this.#parts.name} were read before; open it again`);
    this.#iterated = true;
    const { signal, shape, name, timed, maxFrames = Infinity } = this.#parts;
    const from = this.info.live ? -Infinity : (this.#parts.from ?? -Infinity);
    try {
      let index = 0;
      for await (const { picture, videoTime } of timed) {
        if (videoTime < from) continue;
        await this.#clock.wait(videoTime, this.#stop.signal);
        if (this.#stop.signal.aborted) break;
        if (this.info.live && this.#paused) continue;
        yield { index, videoTime, ...shape(picture, videoTime) };
        index += 1;
        if (index >= maxFrames) break;
      }
      if (signal.aborted) throw cancelled(name, signal);
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }
}

/** What a {@link SampledVideo} is made of. */
export interface SampledVideoParts extends OpenedVideo {
  readonly name: string;
  readonly maxFrames: number | undefined;
  /** Seconds; frames of a recording before it are left out. */
  readonly from: number | undefined;
  readonly pacing: SamplingOptions['pacing'];
  /** What the decoder reads; owned as well. */
  readonly input: Pick<FfmpegInput, 'live' | 'finished' | 'quietSeconds'> & AsyncDisposable;
  /** Makes a frame's pictures from the decoded one. */
  readonly shape: (picture: Picture, videoTime: number) => Pick<VideoFrame, 'picture' | 'detail'>;
  readonly time: Time;
  readonly signal: AbortSignal;
}

/** A video whose first picture is decoded, and how its pictures become frames. */
export interface OpenedVideo extends StartedDecoder {
  readonly notes: SourceNotes;
  /** The pictures that become frames, with their times; iterate once. */
  readonly timed: AsyncIterable<TimedPicture>;
  /** Length in seconds; default the container's. */
  readonly duration?: number;
  /** The room for the larger picture in each; null or undefined: there is none. */
  readonly within?: Size | null;
}
