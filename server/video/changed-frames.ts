import type { VideoFrame } from './frame.js';
import type { FrameStream, StreamNotice, VideoInfo } from './stream.js';

/** A stream with its own frames; everything else comes from the source it wraps. */
export class ChangedFrames implements FrameStream {
  readonly #source: FrameStream;
  readonly #frames: AsyncIterable<VideoFrame>;

  constructor(source: FrameStream, frames: AsyncIterable<VideoFrame>) {
    this.#source = source;
    this.#frames = frames;
  }

  get info(): VideoInfo {
    return this.#source.info;
  }

  get warnings(): readonly string[] {
    return this.#source.warnings ?? [];
  }

  get dropped(): number {
    return this.#source.dropped ?? 0;
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#source.listen?.(hear);
  }

  pause(): void {
    this.#source.pause();
  }

  resume(): void {
    this.#source.resume();
  }

  [Symbol.asyncIterator](): AsyncIterator<VideoFrame> {
    return this.#frames[Symbol.asyncIterator]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#source[Symbol.asyncDispose]();
  }
}
