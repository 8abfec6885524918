import { DuetError, toDuetError } from '../../errors.js';
import { cancelled } from '../ffmpeg/failure.js';
import { requireSamplingOptions } from '../sampling/sampling-options.js';
import type { VideoFrame } from '../frame.js';
import type { FrameStream, PictureReceiver, StreamNotice, VideoInfo } from '../stream.js';
import { systemTime } from '../time.js';
import { ContinuedTime } from './continued-time.js';
import { openSource, sourceName } from './kinds.js';
import { neverRetry, Retries } from './retry.js';
import type { RetryPolicy } from './retry.js';
import type { VideoSource } from './source.js';
import type { SourceOptions } from './source-kind.js';

/**
 * Owns one source of any kind for its whole life: opens it, decides on its pacing, plays it, retries by its
 * policy, and disposes of it.
 *
 * It is the stream of the source's frames and outlives each connection: after a reconnection frame numbers
 * continue, and time advances by the wall time in between. Only a live source is reconnected midway, because
 * a recording would start again from the beginning.
 */
export class SourceHandler implements FrameStream {
  /** The source's name in messages and records. */
  readonly name: string;
  readonly #handled: HandledSource;
  readonly #options: SourceOptions;
  readonly #signal: AbortSignal;
  readonly #retries: Retries;
  readonly #frames: ContinuedTime;
  /** Ends a connection attempt, and the wait for the next one. */
  readonly #stop = new AbortController();
  readonly #onAbort = (): void => {
    this.#stop.abort(this.#signal.reason);
  };
  #state: SourceState = { type: 'opening' };
  #stream: FrameStream | undefined;
  #hear: ((notice: StreamNotice) => void) | undefined;
  #paused = false;
  /** From earlier connections. */
  #droppedBefore = 0;
  #connecting: Promise<void> | undefined;
  #disposal: Promise<void> | undefined;

  private constructor(handled: HandledSource, signal: AbortSignal) {
    const { name = sourceName(handled.source), pacing = 'realtime', ...options } = handled.options;
    const { time = systemTime, fps } = options;
    this.name = name;
    this.#handled = handled;
    this.#options = { ...options, name, pacing };
    this.#signal = signal;
    this.#retries = new Retries(name, handled.retry ?? neverRetry, time);
    this.#frames = new ContinuedTime(1 / fps, time);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
  }

  /**
   * Opens a source; resolves when its frames can be read. The caller disposes of the handler.
   *
   * @param signal ends the source, now or later.
   * @throws DuetError the last attempt's error, and 'invalid_request' for options that make no sense; the
   * source's resources are then released.
   */
  static async open(
    handled: HandledSource,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<SourceHandler> {
    const handler = new SourceHandler(handled, signal);
    try {
      requireSamplingOptions(handled.options);
      await handler.#connect();
      return handler;
    } catch (thrown) {
      await handler.#end(finalState(thrown));
      throw thrown;
    }
  }

  get state(): SourceState {
    return this.#state;
  }

  get info(): VideoInfo {
    return this.#connected.info;
  }

  /** Whether frames come at the pace of the wall clock, so that falling behind matters. */
  get realtime(): boolean {
    return this.#options.pacing === 'realtime' || this.info.live;
  }

  get receiver(): PictureReceiver | undefined {
    return this.#connected.receiver;
  }

  get warnings(): readonly string[] {
    return [...this.#frames.warnings, ...(this.#connected.warnings ?? [])];
  }

  get dropped(): number {
    return this.#droppedBefore + (this.#connected.dropped ?? 0);
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#hear = hear;
    this.#connected.listen?.(hear);
  }

  pause(): void {
    this.#paused = true;
    this.#connected.pause();
    if (this.#state.type === 'playing') this.#become({ type: 'paused' });
  }

  resume(): void {
    this.#paused = false;
    this.#connected.resume();
    if (this.#state.type === 'paused') this.#become({ type: 'playing' });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    try {
      for (let isOver = false; !isOver;) {
        try {
          yield* this.#play(this.#connected);
          isOver = true;
        } catch (thrown) {
          await this.#reconnect(thrown);
        }
      }
    } catch (thrown) {
      // After disposal nobody wants to hear of errors.
      if (this.#disposal !== undefined && !this.#signal.aborted) return;
      await this.#end(finalState(thrown));
      throw thrown;
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end({ type: 'ended' });
  }

  get #connected(): FrameStream {
    if (this.#stream === undefined) throw new DuetError('internal', `${this.name} is not open`);
    return this.#stream;
  }

  async *#play(stream: FrameStream): AsyncGenerator<VideoFrame, void, void> {
    for await (const frame of stream) {
      this.#retries.succeeded();
      yield this.#frames.place(frame);
    }
  }

  async #reconnect(thrown: unknown): Promise<void> {
    const broken = this.#connected;
    if (!broken.info.live) throw thrown;
    await broken[Symbol.asyncDispose]();
    await this.#wait(thrown);
    this.#droppedBefore += broken.dropped ?? 0;
    this.#frames.reconnected();
    this.#connecting = this.#connect();
    await this.#connecting;
  }

  /** Opens the source, retrying by its policy. */
  async #connect(): Promise<void> {
    const stream = await this.#openOnce().catch(async (thrown: unknown) => {
      await this.#wait(thrown);
      return null;
    });
    if (stream === null) return this.#connect();
    this.#stream = stream;
    if (this.#disposal !== undefined) {
      await stream[Symbol.asyncDispose]();
      throw cancelled(this.name, this.#stop.signal);
    }
    if (this.#hear !== undefined) stream.listen?.(this.#hear);
    if (this.#paused) stream.pause();
    this.#become({ type: this.#paused ? 'paused' : 'playing' });
  }

  #openOnce(): Promise<FrameStream> {
    this.#become({ type: 'opening' });
    const { source, open = openSource } = this.#handled;
    const { maxFrames } = this.#options;
    const left = maxFrames !== undefined && { maxFrames: maxFrames - this.#frames.count };
    return open(source, { ...this.#options, ...left }, this.#stop.signal);
  }

  #wait(thrown: unknown): Promise<void> {
    const onWait = (delayMs: number, error: DuetError) => {
      this.#become({ type: 'reconnecting', delayMs, error });
    };
    return this.#retries.waitAfter(thrown, onWait, this.#stop.signal);
  }

  #become(state: SourceState): void {
    this.#state = state;
    this.#handled.onState?.(state);
  }

  #end(state: SourceState): Promise<void> {
    this.#disposal ??= this.#putAway(state);
    return this.#disposal;
  }

  async #putAway(state: SourceState): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    try {
      await this.#stream?.[Symbol.asyncDispose]();
      this.#stop.abort();
      await this.#connecting?.catch(() => undefined);
    } finally {
      this.#handled.release?.();
      this.#become(state);
    }
  }
}

/** What a {@link SourceHandler} plays, and how. */
export interface HandledSource {
  readonly source: VideoSource;
  /** By default the source keeps its own name and plays in real time. */
  readonly options: Omit<SourceOptions, 'name' | 'pacing'> & Partial<Pick<SourceOptions, 'name' | 'pacing'>>;
  /** Default {@link neverRetry}. */
  readonly retry?: RetryPolicy;
  /** Called with each new state. */
  readonly onState?: (state: SourceState) => void;
  /** Releases what was reserved for the source; called once, when nothing reads it any more. */
  readonly release?: () => void;
  /** Opens it once; default {@link openSource}. */
  readonly open?: typeof openSource;
}

/**
 * Where a source is in its life.
 *
 * - `opening`: the first frame is awaited.
 * - `playing`, `paused`: frames can be read, or are held back.
 * - `reconnecting`: it failed and will be opened again after `delayMs`.
 * - `ended`: the last frame was read, or the source was disposed of.
 * - `failed`: it failed, and its retry policy gave up.
 */
export type SourceState =
  | { readonly type: 'opening' | 'playing' | 'paused' | 'ended' }
  | { readonly type: 'reconnecting'; readonly delayMs: number; readonly error: DuetError }
  | { readonly type: 'failed'; readonly error: DuetError };

function finalState(thrown: unknown): SourceState {
  const error = toDuetError(thrown);
  return error.code === 'cancelled' ? { type: 'ended' } : { type: 'failed', error };
}
