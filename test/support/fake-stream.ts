import type { VideoFrame } from '../../server/video/frame.js';
import type { FrameStream, VideoInfo } from '../../server/video/stream.js';
import { plainPicture } from '../../server/runtime/scripted/scripted-model.js';

const recordedInfo: VideoInfo = { width: 2, height: 2, fps: 2, duration: null, codec: 'fake', live: false };

/**
 * A frame stream from a list, or from a generator that a test holds in its hand; it records how it was used.
 */
export class FakeStream implements FrameStream {
  readonly info: VideoInfo;
  paused = false;
  disposed = false;
  /** Frames handed out so far. */
  delivered = 0;
  readonly #frames: Iterable<VideoFrame> | AsyncIterable<VideoFrame>;

  constructor(frames: Iterable<VideoFrame> | AsyncIterable<VideoFrame>, info: Partial<VideoInfo> = {}) {
    this.#frames = frames;
    this.info = { ...recordedInfo, ...info };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame> {
    for await (const frame of this.#frames) {
      if (this.disposed) return;
      this.delivered += 1;
      yield frame;
    }
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}

/** Frames at `fps`, each filled with the value given for it. */
export function fakeFrames(values: readonly number[], fps = 2): readonly VideoFrame[] {
  return values.map((value, index) => ({ index, videoTime: index / fps, picture: plainPicture(value) }));
}
