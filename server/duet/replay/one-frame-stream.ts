import { Signal } from '../../concurrency/signal.js';
import type { VideoFrame } from '../../video/frame.js';
import type { FrameStream, VideoInfo } from '../../video/stream.js';

/** A stream whose frames are handed to it one by one, until it is ended or made to fail. */
export class OneFrameStream implements FrameStream {
  readonly info: VideoInfo;
  readonly #changed = new Signal();
  readonly #frames: VideoFrame[] = [];
  #failure: Error | null = null;
  #ended = false;

  constructor(info: VideoInfo) {
    this.info = info;
  }

  push(frame: VideoFrame): void {
    this.#frames.push(frame);
    this.#changed.notify();
  }

  /** Ends the stream once its frames are read; with a failure it breaks then. */
  end(failure: Error | null = null): void {
    this.#failure = failure;
    this.#ended = true;
    this.#changed.notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) yield frame;
      else if (this.#failure !== null) throw this.#failure;
      else if (this.#ended) return;
      else await this.#changed.wait();
    }
  }

  pause(): void {
    // Frames come when they are handed over.
  }

  resume(): void {
    // Frames come when they are handed over.
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end(this.#failure);
    return Promise.resolve();
  }
}
