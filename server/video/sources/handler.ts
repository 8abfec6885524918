import { DuetError, toDuetError } from '../../errors.js';
import { cancelled } from '../ffmpeg/failure.js';
import { requireSamplingOptions } from '../sampling/sampling-options.js';
import type { VideoFrame } from '../frame.js';
import type { ByteReceiver, FrameStream, PictureReceiver, StreamNotice, VideoInfo } from '../stream.js';
import { systemTime } from '../time.js';
import type { Time } from '../time.js';
import { ContinuedTime } from './continued-time.js';
import type { HandledSource, SourceState } from './handled-source.js';
import { isKnownLive, openSource, sourceName } from './kinds.js';
import { neverRetry, Retries } from './retry.js';
import type { SourceOptions } from './source-kind.js';
import { StallWatch } from './stall-watch.js';

/**
 * Owns one source of any kind for its whole life: opens it, decides on its pacing, plays it, retries by its
 * policy, and disposes of it.
 *
 * It is the stream of the source's frames and outlives each connection: after a reconnection frame numbers
 * continue, and time advances by the wall time in between. Only a live source is reconnected midway, because
 * a recording would start again from the beginning. Notices tell when a live source stalls, is tried again,
 * and gives pictures again.
 */
export class SourceHandler implements FrameStream {
  /** The source's name in messages and records. */
  readonly name: string;
  readonly #handled: HandledSource;
  readonly #options: SourceOptions;
  readonly #signal: AbortSignal;
  readonly #time: Time;
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
  #stalls: StallWatch | undefined;
  #paused = false;
  /** Attempts to connect since pictures last came. */
  #attempts = 0;
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
    this.#time = time;
    this.#hear = handled.hear;
    this.#retries = new Retries(handled.retry ?? neverRetry, time);
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
      handler.#attempts = 0;
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

  get byteReceiver(): ByteReceiver | undefined {
    return this.#connected.byteReceiver;
  }

  get warnings(): readonly string[] {
    return [...this.#frames.warnings, ...(this.#connected.warnings ?? [])];
  }

  get dropped(): number {
    return this.#droppedBefore + (this.#connected.dropped ?? 0);
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#hear = hear;
    this.#stream?.listen?.(hear);
  }

  pause(): void {
    this.#paused = true;
    this.#stalls?.arrived();
    this.#connected.pause();
    if (this.#state.type === 'playing') this.#become({ type: 'paused' });
  }

  resume(): void {
    this.#paused = false;
    this.#stalls?.waiting();
    this.#connected.resume();
    if (this.#state.type === 'paused') this.#become({ type: 'playing' });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    try {
      while (await this.#goesOnAfter(yield* this.#play(this.#connected)));
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

  /** Plays one connection, and returns why it is over: its error, or null at the source's end. */
  async *#play(stream: FrameStream): AsyncGenerator<VideoFrame, BreakOff | null, void> {
    const watch = this.#watchOver(stream);
    try {
      if (!this.#paused) watch?.waiting();
      for await (const frame of stream) {
        if (watch?.arrived() === true) this.#tellReopened(0);
        this.#retries.succeeded();
        yield this.#frames.place(frame);
        if (!this.#paused) watch?.waiting();
      }
      const isWhole = this.#frames.count >= (this.#options.maxFrames ?? Infinity);
      return stream.brokenOff === true && !isWhole ? { type: 'ended', error: senderGone(this.name) } : null;
    } catch (thrown) {
      return { type: 'broken', error: thrown };
    } finally {
      watch?.end();
    }
  }

  /** A client that pushes knows best why no pictures come. */
  #watchOver(stream: FrameStream): StallWatch | undefined {
    if (!stream.info.live || isPushed(stream)) return undefined;
    this.#stalls = new StallWatch(stream.quietSeconds ?? defaultQuietSeconds, this.#time, (silentSeconds) => {
      this.#hear?.({ type: 'source.stalled', silentSeconds });
    });
    return this.#stalls;
  }

  #tellReopened(attempts: number): void {
    this.#hear?.({ type: 'source.reopened', gapSeconds: this.#frames.gap(), attempts, info: this.info });
  }

  /**
   * Connects again where that may help. A stream that its sender ended, and that is not tried again, has
   * ended.
   */
  async #goesOnAfter(breakOff: BreakOff | null): Promise<boolean> {
    if (breakOff === null) return false;
    const broken = this.#connected;
    // Whoever pushes holds on to the broken stream, and cannot send again what it has taken.
    if (!broken.info.live || isPushed(broken)) throw breakOff.error;
    await broken[Symbol.asyncDispose]();
    const waited = await this.#waitAfter(breakOff.error, true);
    if (!waited && breakOff.type === 'ended') return false;
    if (!waited) throw breakOff.error;
    this.#droppedBefore += broken.dropped ?? 0;
    this.#frames.reconnected();
    this.#connecting = this.#connect();
    await this.#connecting;
    this.#tellReopened(this.#attempts);
    this.#attempts = 0;
    return true;
  }

  /** Opens the source, retrying by its policy. */
  async #connect(): Promise<void> {
    const stream = await this.#openAtLast();
    this.#stream = stream;
    if (this.#disposal !== undefined) {
      await stream[Symbol.asyncDispose]();
      throw cancelled(this.name, this.#stop.signal);
    }
    this.#retries.connected();
    if (this.#hear !== undefined) stream.listen?.(this.#hear);
    if (this.#paused) stream.pause();
    this.#become({ type: this.#paused ? 'paused' : 'playing' });
  }

  async #openAtLast(): Promise<FrameStream> {
    for (;;) {
      try {
        return await this.#openOnce();
      } catch (thrown) {
        if (!(await this.#waitAfter(thrown, false))) throw thrown;
      }
    }
  }

  #openOnce(): Promise<FrameStream> {
    this.#become({ type: 'opening' });
    const { source, open = openSource } = this.#handled;
    const { maxFrames } = this.#options;
    const left = maxFrames !== undefined && { maxFrames: maxFrames - this.#frames.count };
    return open(source, { ...this.#options, ...left }, this.#stop.signal);
  }

  /** Waits until the source should be tried again; false when the policy gives it up. */
  async #waitAfter(thrown: unknown, played: boolean): Promise<boolean> {
    const error = toDuetError(thrown);
    const { signal } = this.#stop;
    const live = this.#stream?.info.live ?? (isKnownLive(this.#handled.source) ? true : null);
    const opened = this.#stream !== undefined;
    const next = signal.aborted ? null : this.#retries.after({ error, live, opened, played });
    if (next === null) return false;
    const { delayMs } = next;
    this.#attempts += 1;
    this.#become({ type: 'reconnecting', delayMs, error });
    this.#hear?.({ type: 'source.reconnecting', ...next, code: error.code, message: error.message });
    await this.#time.sleep(delayMs, signal).catch(() => {
      throw cancelled(this.name, signal);
    });
    return true;
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

/** Why a connection is over although its source is not: an error, or an end that nothing announced. */
type BreakOff = { readonly type: 'broken' | 'ended'; readonly error: unknown };

/** Seconds without a picture after which a live source counts as stalled, unless its stream knows better. */
const defaultQuietSeconds = 5;

function isPushed({ receiver, byteReceiver }: FrameStream): boolean {
  return receiver !== undefined || byteReceiver !== undefined;
}

function senderGone(name: string): DuetError {
  const message = `${name} ended: its sender has stopped, or the connection was lost`;
  return new DuetError('source_failed', message, { retryable: true });
}

function finalState(thrown: unknown): SourceState {
  const error = toDuetError(thrown);
  return error.code === 'cancelled' ? { type: 'ended' } : { type: 'failed', error };
}
