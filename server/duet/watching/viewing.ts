import { toDuetError } from '../../errors.js';
import type { FrameStream, VideoInfo } from '../../video/stream.js';
import type { Conversation } from '../conversation/conversation.js';
import type { FrameDelay, SessionState } from '../record/session-state.js';
import { FrameDelays } from './frame-delays.js';
import { FrameQueue } from './frame-queue.js';
import { LagMonitor } from './lag-monitor.js';
import type { SeenPictures } from './seen-pictures.js';

/** How a source is announced and sampled. */
export interface ViewingOptions {
  /** A name for the source, safe to log. */
  readonly source: string;
  readonly samplingFps: number;
  /** Whether frames arrive in real time, so that falling behind matters. */
  readonly realtime: boolean;
  /**
   * Whether to wait until a batch is full. A recorded video then leads to the same model calls, and so to
   * bit-identical scores, however fast it is decoded. Default: take what is there.
   */
  readonly wholeBatches?: boolean;
  /** Media time in seconds at which a recording begins; default its beginning. */
  readonly from?: number | undefined;
}

/** The same, with who wants to see its pictures. */
interface ShownViewing extends ViewingOptions {
  readonly pictures: SeenPictures;
}

/**
 * One source played through the duet: frames go into a bounded queue, and from there into the conversation.
 * The source does not wait for replies: while one is generated, frames queue up and are then processed
 * together.
 */
export class Viewing {
  readonly #stream: FrameStream;
  readonly #options: ShownViewing;
  readonly #state: SessionState;
  readonly #conversation: Conversation;
  readonly #batchLimit: number;
  readonly #queue: FrameQueue;
  readonly #stopping = new AbortController();
  readonly #delays: FrameDelays | null;
  #finished: Promise<void> | null = null;
  #frames = 0;
  #dropped = 0;
  /** The size at which a player shows the video, as far as it is known. */
  #shown: Pick<VideoInfo, 'width' | 'height'>;
  #paused = false;

  constructor(stream: FrameStream, options: ShownViewing, state: SessionState, conversation: Conversation) {
    this.#stream = stream;
    this.#shown = stream.info;
    this.#options = options;
    this.#state = state;
    this.#conversation = conversation;
    this.#batchLimit = state.settings.batchLimit;
    this.#queue = new FrameQueue({
      limit: state.settings.queueLimit,
      rule: stream.info.live ? 'drop-oldest' : 'wait',
    });
    const tell = (delay: FrameDelay): void => {
      state.onDelay(delay, state.worker);
    };
    const now = (): number => state.log.elapsedMs();
    this.#delays = options.realtime ? new FrameDelays(now, stream.info.live, tell) : null;
  }

  /** Plays to the end. A failing source is recorded, not thrown; a failing model is thrown. */
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
    this.#delays?.paused();
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#delays?.paused();
    this.#stream.resume();
  }

  /** Stops the source and waits until it has ended; failures are thrown by {@link run} only. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished?.catch(() => undefined);
  }

  async #play(): Promise<void> {
    const { source, samplingFps, realtime, from = 0 } = this.#options;
    const { info } = this.#stream;
    this.#state.videoTime = info.live ? 0 : from;
    this.#state.pace = realtime ? 'realtime' : 'fast';
    this.#state.record({ type: 'source.opened', source, info, samplingFps });
    this.#stream.listen?.((notice) => {
      if (notice.type === 'source.resized') this.#shown = notice;
      if (notice.type === 'source.reopened') this.#shown = notice.info;
      this.#state.record(notice);
    });
    this.#state.onRecorded = (happening) => this.#delays?.heard(happening);
    this.#conversation.beginSource();
    const pumped = this.#pump();
    const broken = await this.#consume().then(
      () => null,
      (thrown: unknown) => (this.#stopping.signal.aborted ? null : toDuetError(thrown)),
    );
    this.#queue.abandon();
    this.#state.pace = 'realtime';
    this.#state.onRecorded = null;
    await this.#stream[Symbol.asyncDispose]();
    this.#recordEnd(broken ?? (await pumped));
    if (broken) throw broken;
  }

  /** Moves frames into the queue; resolves to the source's error, or null. */
  async #pump(): Promise<unknown> {
    try {
      for await (const frame of this.#stream) {
        this.#delays?.arrived(frame);
        if (!(await this.#queue.push(frame))) break;
      }
      return null;
    } catch (thrown) {
      return thrown;
    } finally {
      this.#queue.end();
    }
  }

  async #consume(): Promise<void> {
    const { signal } = this.#stopping;
    const lag = new LagMonitor(this.#state);
    const least = this.#options.wholeBatches === true ? this.#batchLimit : 1;
    for (;;) {
      const frames = await this.#queue.take(this.#batchLimit, least);
      const newest = frames.at(-1);
      if (!newest || signal.aborted) return;
      if (this.#options.realtime) lag.look(this.#queue, newest.videoTime);
      this.#options.pictures.show(newest, this.#shown);
      await this.#conversation.absorb(frames, signal);
      this.#frames += frames.length;
      this.#state.videoTime = newest.videoTime;
      this.#countDropped();
    }
  }

  #recordEnd(failure: unknown): void {
    this.#countDropped();
    const stopped = this.#stopping.signal.aborted;
    if (failure !== null && !stopped) {
      const { code, message, retryable } = toDuetError(failure);
      this.#state.record({ type: 'source.failed', code, message, retryable });
    } else {
      const reason = stopped ? 'stopped' : 'finished';
      const warnings = this.#stream.warnings ?? [];
      const waitingTexts = this.#conversation.texts.countAfter(this.#state.videoTime);
      const counts = { frames: this.#frames, droppedFrames: this.#dropped, waitingTexts };
      this.#state.record({ type: 'source.ended', ...counts, reason, warnings });
    }
  }

  #countDropped(): void {
    const dropped = this.#queue.dropped + (this.#stream.dropped ?? 0);
    this.#state.counters.add('framesDropped', dropped - this.#dropped);
    this.#dropped = dropped;
  }
}
