import type { VideoFrame } from '../../video/frame.js';
import type { FrameStream, VideoInfo } from '../../video/stream.js';

/** A stream whose frames wait until what they lead to can be printed. */
export class PrintedStream implements FrameStream {
  readonly #stream: FrameStream;
  readonly #ready: () => Promise<void>;

  constructor(stream: FrameStream, ready: () => Promise<void>) {
    this.#stream = stream;
    this.#ready = ready;
  }

  get info(): VideoInfo {
    return this.#stream.info;
  }

  get warnings(): readonly string[] {
    return this.#stream.warnings ?? [];
  }

  get dropped(): number {
    return this.#stream.dropped ?? 0;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void> {
    for await (const frame of this.#stream) {
      await this.#ready();
      yield frame;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
  }
}
