import { Signal } from '../../../concurrency/signal.js';
import type { VideoFrame } from '../../frame.js';
import type { FrameStream, StreamNotice, VideoInfo } from '../../stream.js';

/**
 * One reader of a live source that others may read too. It has a clock of its own that begins with its first
 * frame, pauses for itself, and takes the frames that it asked for; when it is slow it loses its oldest ones.
 */
export class SharedReader implements FrameStream {
  readonly realtime = true;
  readonly receiver = undefined;
  readonly #source: ReadSource;
  readonly #fps: number;
  readonly #onLeave: () => Promise<void>;
  readonly #changed = new Signal();
  readonly #droppedBefore: number;
  #waiting: VideoFrame[] = [];
  #hear: ((notice: StreamNotice) => void) | undefined;
  #over: Ending | null = null;
  #paused = false;
  #dropped = 0;
  #count = 0;
  /** Time of its first frame on the source's clock. */
  #begunAt: number | null = null;
  /** Number of the newest interval of which it has a frame. */
  #interval = -1;

  /** `onLeave` is called when the reader reads no more, perhaps more than once. */
  constructor(source: ReadSource, wanted: WantedFrames, onLeave: () => Promise<void>) {
    this.#source = source;
    this.#fps = wanted.fps;
    this.#hear = wanted.hear;
    this.#droppedBefore = source.dropped;
    this.#onLeave = onLeave;
  }

  get info(): VideoInfo {
    return this.#source.info;
  }

  get warnings(): readonly string[] {
    return this.#source.warnings;
  }

  get dropped(): number {
    return this.#dropped + this.#source.dropped - this.#droppedBefore;
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#hear = hear;
  }

  pause(): void {
    this.#paused = true;
    this.#waiting = [];
  }

  resume(): void {
    this.#paused = false;
  }

  /** Offers a frame of the source; it is taken if it is the first of its interval at this reader's rate. */
  offer(frame: VideoFrame): void {
    const interval = Math.floor(frame.videoTime * this.#fps + rounding);
    if (this.#paused || this.#over !== null || interval === this.#interval) return;
    this.#interval = interval;
    this.#begunAt ??= frame.videoTime;
    if (this.#waiting.length >= mostWaiting) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(frame);
    this.#changed.notify();
  }

  /** Tells what happened to the source. */
  tell(notice: StreamNotice): void {
    this.#hear?.(notice);
  }

  /** The source is over: by itself, or with an error. Frames that wait can still be read. */
  end(ending: Ending): void {
    this.#over ??= ending;
    this.#changed.notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    try {
      for (;;) {
        while (this.#waiting.length === 0 && this.#over === null) await this.#changed.wait();
        const frame = this.#waiting.shift();
        if (frame !== undefined) yield this.#place(frame);
        else if (this.#over?.type === 'failed') throw this.#over.error;
        else return;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#waiting = [];
    this.end({ type: 'ended' });
    return this.#onLeave();
  }

  #place(frame: VideoFrame): VideoFrame {
    const time = frame.videoTime - (this.#begunAt ?? frame.videoTime);
    return { ...frame, index: this.#count++, videoTime: Math.round(time / rounding) * rounding };
  }
}

/** The frames that a reader wants. */
interface WantedFrames {
  /** Frames a second, of which the source has a whole multiple. */
  readonly fps: number;
  /** Called with notices until `listen` names another listener. */
  readonly hear?: ((notice: StreamNotice) => void) | undefined;
}

/** How a source is over. */
export type Ending = { readonly type: 'ended' } | { readonly type: 'failed'; readonly error: unknown };

/** The source, as a reader sees it. */
interface ReadSource {
  readonly info: VideoInfo;
  readonly warnings: readonly string[];
  readonly dropped: number;
}

/** Frames that wait for a reader at most; a session has a longer queue of its own. */
const mostWaiting = 16;

/** Times are told to the microsecond. */
const rounding = 1e-6;
