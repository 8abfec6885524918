import { DuetError, toDuetError } from '../../../errors.js';
import { decodePicture, decodeWithin, measurePicture } from '../../pictures/decode-picture.js';
import type { Picture, ReceivedPicture, VideoFrame } from '../../frame.js';
import { HeldPictures } from '../../pictures/held-pictures.js';
import { fittedSize } from '../../pictures/letterbox-size.js';
import { letterbox } from '../../pictures/letterbox.js';
import { PictureClock, type ClockReading } from './picture-clock.js';
import { SamplingGrid } from '../../sampling/grid.js';
import { SkippedPictures } from './skipped-pictures.js';
import type { SamplingOptions } from '../../sampling/sampling-options.js';
import type { FrameStream, PictureReceiver, PushOutcome, StreamNotice, VideoInfo } from '../../stream.js';
import type { SourceKind } from '../source-kind.js';

/**
 * A live video of pictures that a client sends one by one, each with its time on the client's own clock,
 * which becomes the video's.
 *
 * - When more than `fps` pictures a second arrive, the first of each interval [k/fps, (k+1)/fps) is taken;
 *   the others are not even decoded.
 * - Pictures wait undecoded; reading a frame decodes it, off the main thread, shrunk while it is read.
 * - A broken picture, or one with an impossible time, rejects its own push and is counted in `warnings`; the
 *   stream continues without it.
 * - A clock that is set back or forward is followed, see {@link PictureClock}; a notice reports it.
 */
export class PushedPictures implements FrameStream, PictureReceiver {
  readonly receiver = this;
  readonly #options: PushedPicturesOptions;
  readonly #grid: SamplingGrid;
  readonly #clock: PictureClock;
  readonly #skipped = new SkippedPictures();
  readonly #held = new HeldPictures<ReceivedPicture>();
  #tell: (notice: StreamNotice) => void = () => undefined;
  #waiting: Waiting[] = [];
  #wake: () => void = () => undefined;
  #size = { width: 0, height: 0 };
  #dropped = 0;
  #paused = false;
  #ended = false;
  #iterated = false;

  constructor(options: PushedPicturesOptions) {
    this.#options = options;
    this.#grid = new SamplingGrid(options.fps);
    this.#clock = new PictureClock(1 / options.fps);
  }

  /** Width and height are those of the first picture, and 0 until it is decoded. */
  get info(): VideoInfo {
    return { ...this.#size, fps: null, duration: null, codec: 'pictures', live: true };
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** How many pictures were skipped, and why. */
  get warnings(): readonly string[] {
    return this.#skipped.describe();
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#tell = hear;
  }

  push(pushed: ReceivedPicture, pushedTime: number): Promise<PushOutcome> {
    const outcome = this.#accept(pushed, pushedTime);
    // A caller that ignores the promise must not crash the process.
    outcome.catch(() => undefined);
    return outcome;
  }

  skipBroken(message: string): void {
    this.#skipped.add('broken', message);
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
        yield { index, videoTime: next.videoTime, picture, ...this.#detailOf(next) };
        index += 1;
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async #accept(pushed: ReceivedPicture, pushedTime: number): Promise<PushOutcome> {
    if (this.#ended)
      throw new DuetError('invalid_request', 'a picture came after the end of its stream; open a new one');
    const reading = this.#clock.read(pushedTime);
    if (reading.type === 'fault') throw this.#refuse(reading);
    const { videoTime, change } = reading;
    if (change) this.#tell({ type: 'source.clock.changed', ...change });
    if (this.#paused || !this.#grid.take(videoTime)) return 'skipped';
    return this.#enqueue(pushed, videoTime);
  }

  #refuse({ fault, message }: ClockReading & { type: 'fault' }): DuetError {
    this.#skipped.add(`time ${fault}`, message);
    return new DuetError('invalid_request', message);
  }

  #enqueue(pushed: ReceivedPicture, videoTime: number): Promise<PushOutcome> {
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
    const { side } = this.#options;
    try {
      const size = await measurePicture(pushed);
      const place = fittedSize(size.width, size.height, this.#options);
      // Twice the needed size is as much as bilinear scaling can use.
      const picture = await decodePicture(pushed, { width: 2 * place.width, height: 2 * place.height });
      if (this.#size.width === 0) this.#size = size;
      settle('taken');
      return letterbox(picture, side, place);
    } catch (thrown) {
      this.#skipped.add('broken', toDuetError(thrown).message);
      fail(thrown);
      return undefined;
    }
  }

  /** Decoded a second time, but only if somebody looks at it, which is seldom. */
  #detailOf({ pushed }: Waiting): Pick<VideoFrame, 'detail'> {
    const { detail } = this.#options;
    if (detail === undefined) return {};
    const held = this.#held.hold(pushed, pushed.bytes.length);
    return {
      detail: async () => {
        const picture = held();
        return picture === null ? null : decodeWithin(picture, detail).catch(() => null);
      },
    };
  }

  #discardWaiting(): void {
    for (const { settle } of this.#waiting) settle('skipped');
    this.#waiting = [];
  }
}

/** Pictures that a client pushes. */
export const pictureSource: SourceKind<'pictures'> = {
  name: () => 'pictures',
  open: (_source, { fps, side, fit, detail, maxFrames }) =>
    Promise.resolve(
      new PushedPictures({
        ...{ fps, side, detail },
        ...(fit !== undefined && { fit }),
        ...(maxFrames !== undefined && { maxFrames }),
      }),
    ),
};

/** How pushed pictures become frames. */
interface PushedPicturesOptions extends Pick<
  SamplingOptions,
  'fps' | 'side' | 'fit' | 'detail' | 'maxFrames'
> {
  /** Pictures that may wait for the reader; default 8. Beyond that the oldest is dropped. */
  readonly queueLimit?: number;
}

interface Waiting {
  readonly pushed: ReceivedPicture;
  readonly videoTime: number;
  readonly settle: (outcome: PushOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Pictures; see {@link PushedPicturesOptions}. */
const defaultQueueLimit = 8;
