import { toDuetError } from '../../errors.js';
import type { VideoFrame } from '../../video/frame.js';
import type { FrameStream } from '../../video/stream.js';
import type { Conversation } from '../conversation/conversation.js';
import type { EventLog } from '../event-log.js';
import { FrameQueue } from './frame-queue.js';
import { LagMonitor } from './lag-monitor.js';
import type { SessionSettings } from '../../settings/session-settings.js';

/** How a source is announced and sampled. */
export interface ViewingOptions {
  /** A name for the source, fit for a log. */
  readonly source: string;
  readonly samplingFps: number;
  /** Whether frames come at the pace of the wall clock, so that falling behind matters. */
  readonly realtime: boolean;
  /**
   * Whether to wait for more frames until a batch is full. A recorded video then gives the same model calls,
   * and so the same scores to the last bit, however fast it is decoded. Default: take what is there.
   */
  readonly wholeBatches?: boolean;
}

/** What a viewing needs of its session. */
export interface ViewingSession {
  readonly log: EventLog;
  readonly conversation: Conversation;
  readonly moveTo: (videoTime: number) => void;
}

/**
 * One source played through the duet: frames are pumped into a bounded queue, and from there into the
 * conversation. The source never waits for talk: while a reply is generated frames queue up, and are then
 * taken in together.
 */
export class Viewing {
  readonly #stream: FrameStream;
  readonly #options: ViewingOptions;
  readonly #settings: SessionSettings;
  readonly #session: ViewingSession;
  readonly #queue: FrameQueue;
  readonly #stopping = new AbortController();
  #finished: Promise<void> | null = null;
  #frames = 0;
  #videoTime = 0;
  #paused = false;

  constructor(
    stream: FrameStream,
    options: ViewingOptions,
    settings: SessionSettings,
    session: ViewingSession,
  ) {
    this.#stream = stream;
    this.#options = options;
    this.#settings = settings;
    this.#session = session;
    this.#queue = new FrameQueue({
      limit: settings.queueLimit,
      rule: stream.info.live ? 'drop-oldest' : 'wait',
    });
  }

  /** Plays to the end. A broken source is recorded, not thrown; a broken model is thrown. */
  async run(signal?: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#stopping.abort();
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    this.#stopping.signal.addEventListener('abort', () => {
      this.#queue.abandon();
    });
    this.#finished = this.#play();
    try {
      await this.#finished;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream.resume();
  }

  /** Ends the source and waits until it has ended; how it ended is for whoever runs it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished?.catch(() => undefined);
  }

  async #play(): Promise<void> {
    const { source, samplingFps } = this.#options;
    this.#record({ type: 'source.opened', source, info: this.#stream.info, samplingFps });
    this.#stream.listen?.((notice) => {
      this.#record(notice);
    });
    this.#session.conversation.beginSource();
    const pumped = this.#pump();
    const broken = await this.#consume().then(
      () => null,
      (thrown: unknown) => (this.#stopping.signal.aborted ? null : toDuetError(thrown)),
    );
    this.#queue.abandon();
    await this.#stream[Symbol.asyncDispose]();
    this.#recordEnd(broken ?? (await pumped));
    if (broken) throw broken;
  }

  /** Moves frames into the queue; resolves with what broke the source, or null. */
  async #pump(): Promise<unknown> {
    try {
      for await (const frame of this.#stream) if (!(await this.#queue.push(frame))) break;
      return null;
    } catch (thrown) {
      return thrown;
    } finally {
      this.#queue.end();
    }
  }

  async #consume(): Promise<void> {
    const { signal } = this.#stopping;
    const lag = new LagMonitor(this.#session.log);
    const { batchLimit } = this.#settings;
    const least = this.#options.wholeBatches === true ? batchLimit : 1;
    for (;;) {
      const frames = await this.#queue.take(batchLimit, least);
      const newest = frames.at(-1);
      if (!newest || signal.aborted) return;
      if (this.#options.realtime) lag.look(this.#queue, newest.videoTime);
      await this.#session.conversation.absorb(frames, signal);
      this.#advance(frames, newest);
    }
  }

  #advance(frames: readonly VideoFrame[], newest: VideoFrame): void {
    this.#frames += frames.length;
    this.#videoTime = newest.videoTime;
    this.#session.moveTo(newest.videoTime);
  }

  #recordEnd(failure: unknown): void {
    const stopped = this.#stopping.signal.aborted;
    if (failure !== null && !stopped) {
      const { code, message, retryable } = toDuetError(failure);
      this.#record({ type: 'source.failed', code, message, retryable });
    } else {
      const droppedFrames = this.#queue.dropped + (this.#stream.dropped ?? 0);
      const reason = stopped ? 'stopped' : 'finished';
      const warnings = this.#stream.warnings ?? [];
      const waitingTexts = this.#session.conversation.texts.countAfter(this.#videoTime);
      const counts = { frames: this.#frames, droppedFrames, waitingTexts };
      this.#record({ type: 'source.ended', ...counts, reason, warnings });
    }
  }

  #record(happening: Parameters<EventLog['append']>[0]): void {
    this.#session.log.append(happening, this.#videoTime);
  }
}
