import { DuetError } from '../errors.js';
import { decodePicture } from './decode-picture.js';
import type { PushedPicture } from './decode-picture.js';
import type { Picture, VideoFrame } from './frame.js';
import { letterbox } from './letterbox.js';
import { SamplingGrid } from './sampling-grid.js';
import type { FrameStream, SamplingOptions, VideoInfo } from './stream.js';

/** How pushed pictures become frames. */
export interface PicturePushOptions extends Pick<SamplingOptions, 'fps' | 'side' | 'maxFrames'> {
  /** Pictures that may wait for the reader; default 8. Beyond it the oldest is dropped. */
  readonly queueLimit?: number;
}

/**
 * What became of a pushed picture.
 *
 * - `taken`: it is a frame of the stream.
 * - `skipped`: the sampling rate did not need it, or the stream is paused or has ended for its reader.
 * - `dropped`: it would have been a frame, but newer ones came before the reader did.
 */
export type PushOutcome = 'taken' | 'skipped' | 'dropped';

interface Waiting {
  readonly pushed: PushedPicture;
  readonly videoTime: number;
  readonly settle: (outcome: PushOutcome) => void;
  readonly fail: (error: unknown) => void;
}

const defaultQueueLimit = 8;

/**
 * A live video of pictures that a client sends one by one, each with its time on the client's own clock, which becomes the video's.
 *
 * - Of more pictures than `fps` a second the first of each interval [k/fps, (k+1)/fps) is taken; the others are not even decoded.
 * - Pictures wait undecoded; the reader's turn decodes them, off the main thread.
 * - A picture that cannot be decoded rejects its own push; the stream goes on without it.
 */
export class PicturePushSource implements FrameStream {
  readonly #options: PicturePushOptions;
  readonly #grid: SamplingGrid;
  #waiting: Waiting[] = [];
  #wake: () => void = () => undefined;
  #lastTime = -1;
  #size = { width: 0, height: 0 };
  #dropped = 0;
  #paused = false;
  #ended = false;
  #iterated = false;

  constructor(options: PicturePushOptions) {
    this.#options = options;
    this.#grid = new SamplingGrid(options.fps);
  }

  /** Width and height are those of the first picture, and 0 before it is decoded. */
  get info(): VideoInfo {
    return { ...this.#size, fps: null, duration: null, codec: 'pictures', live: true };
  }

  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Hands over a picture. Resolves when it is known what became of it: at the latest when the reader has come to it.
   *
   * @param videoTime seconds, 0 or more, above that of every picture before.
   * @throws DuetError 'invalid_request' for times that do not increase and pictures that cannot be decoded, 'too_large'; see `decodePicture`.
   */
  push(pushed: PushedPicture, videoTime: number): Promise<PushOutcome> {
    const outcome = this.#accept(pushed, videoTime);
    // One who does not await it must not bring the process down.
    outcome.catch(() => undefined);
    return outcome;
  }

  /** No more pictures will come; the iteration ends after those that wait. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  pause(): void {
    this.#paused = true;
    this.#discardWaiting();
  }

  resume(): void {
    this.#paused = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    this.#discardWaiting();
    return Promise.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    if (this.#iterated)
      throw new DuetError('internal', 'the frames of pushed pictures can be read only once');
    this.#iterated = true;
    try {
      for (let index = 0; index < (this.#options.maxFrames ?? Infinity);) {
        const next = await this.#take();
        if (next === undefined) return;
        const picture = await this.#decode(next);
        if (picture === undefined) continue;
        yield { index, videoTime: next.videoTime, picture };
        index += 1;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async #accept(pushed: PushedPicture, videoTime: number): Promise<PushOutcome> {
    if (this.#ended)
      throw new DuetError('invalid_request', 'a picture came after the end of its stream; open a new one');
    if (!(Number.isFinite(videoTime) && videoTime >= 0 && videoTime > this.#lastTime)) {
      const least =
        this.#lastTime < 0 ? '0 or more' : `above ${this.#lastTime}, the time of the picture before`;
      throw new DuetError(
        'invalid_request',
        `the time of a picture is ${videoTime} seconds; it must be ${least}`,
      );
    }
    this.#lastTime = videoTime;
    if (this.#paused || !this.#grid.take(videoTime)) return 'skipped';
    return this.#enqueue(pushed, videoTime);
  }

  #enqueue(pushed: PushedPicture, videoTime: number): Promise<PushOutcome> {
    if (this.#waiting.length >= (this.#options.queueLimit ?? defaultQueueLimit)) {
      this.#dropped += 1;
      this.#waiting.shift()?.settle('dropped');
    }
    return new Promise((settle, fail) => {
      this.#waiting.push({ pushed, videoTime, settle, fail });
      this.#wake();
    });
  }

  async #take(): Promise<Waiting | undefined> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift();
  }

  async #decode({ pushed, settle, fail }: Waiting): Promise<Picture | undefined> {
    try {
      const { width, height, rgb } = await decodePicture(pushed);
      if (this.#size.width === 0) this.#size = { width, height };
      settle('taken');
      return letterbox({ width, height, rgb }, this.#options.side);
    } catch (thrown) {
      fail(thrown);
      return undefined;
    }
  }

  #discardWaiting(): void {
    for (const { settle } of this.#waiting) settle('skipped');
    this.#waiting = [];
  }
}
