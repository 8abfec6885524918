import type { DuetSession } from '../../duet/session.js';
import { DuetError } from '../../errors.js';
import { pictureSideFor } from '../../runtime/capabilities.js';
import type { OpenedSource, OpenSource, StartRequest } from './open-source.js';

/**
 * What a session watches, as its client controls it: one source at a time is opened, watched, paused, and
 * given up. It outlives connections.
 */
export class SourceControl {
  readonly #session: DuetSession;
  readonly #openSource: OpenSource;
  readonly #now: () => number;
  #activeAt: number;
  #current: CurrentSource | null = null;
  #hasWatched = false;

  /** `now` gives monotonic milliseconds. */
  constructor(session: DuetSession, openSource: OpenSource, now: () => number) {
    this.#session = session;
    this.#openSource = openSource;
    this.#now = now;
    this.#activeAt = now();
  }

  /**
   * Milliseconds for which nothing was watched and nothing said. A source that is paused is not watched, nor
   * is one that waits for pictures: those keep the session alive by coming.
   */
  get idleForMs(): number {
    const current = this.#current;
    const isPlaying = current !== null && !current.isPaused && current.opened?.push == null;
    return isPlaying ? 0 : this.#now() - this.#activeAt;
  }

  /**
   * Opens and watches a source to its end. Throws 'invalid_request' while there is another one, what opening
   * throws, and 'model_failed'; a source that breaks while it is watched is in the session's record instead.
   */
  async watch(request: StartRequest): Promise<void> {
    if (this.#current) {
      throw new DuetError('invalid_request', 'This session has a source already: send source.stop first');
    }
    const current: CurrentSource = { abort: new AbortController(), isPaused: false, opened: null };
    this.#current = current;
    try {
      await this.#openAndWatch(request, current);
    } finally {
      this.#current = null;
      this.#activeAt = this.#now();
      await current.opened?.stream[Symbol.asyncDispose]();
    }
    await this.lookAgain();
  }

  /**
   * Says something; the texts of a moment are for the source being opened or watched. Throws
   * 'invalid_request' after its end.
   */
  addUserText(text: string, options: { videoTime?: number; clientEventId?: string }): void {
    const { videoTime } = options;
    if (videoTime !== undefined && this.#current === null && this.#hasWatched) {
      const message =
        `The video has ended, so ${videoTime} s does not come: leave ` +
        'video_time out, or send the text after source.start';
      throw new DuetError('invalid_request', message);
    }
    this.#activeAt = this.#now();
    this.#session.addUserText(text, options);
  }

  /**
   * Answers texts although the video stands still, see {@link DuetSession.lookAgain}; one that is being
   * opened will have frames for them.
   */
  async lookAgain(): Promise<void> {
    if (this.#current === null || this.#current.opened !== null) await this.#session.lookAgain();
  }

  /**
   * Hands a pushed picture to the source; throws 'invalid_request' when there is none that takes pictures,
   * else what the source says of it.
   */
  async push(message: Uint8Array): Promise<void> {
    const push = this.#current?.opened?.push;
    if (!push) {
      throw new DuetError(
        'invalid_request',
        'No source takes pictures now: start the source "pictures" and wait for source.opened',
      );
    }
    this.#activeAt = this.#now();
    await push(message);
  }

  /** Ends the source, also one that is still being opened. Throws 'invalid_request' where there is none. */
  stop(): void {
    this.#require().abort.abort();
  }

  /** Throws 'invalid_request' where nothing plays. */
  pause(): void {
    const current = this.#require();
    this.#session.pauseSource();
    current.isPaused = true;
    this.#activeAt = this.#now();
  }

  /** Throws 'invalid_request' where nothing plays. */
  resume(): void {
    const current = this.#require();
    this.#session.resumeSource();
    current.isPaused = false;
  }

  /** Gives up whatever is being opened or watched; for the end of the session. */
  abandon(): void {
    this.#current?.abort.abort();
  }

  async #openAndWatch(request: StartRequest, current: CurrentSource): Promise<void> {
    const { settings, model } = this.#session;
    const { fps = settings.fps, sampler, maxFrames, pacing } = request;
    const sampling = { fps, side: pictureSideFor(model.capabilities), sampler, maxFrames, pacing };
    const { signal } = current.abort;
    current.opened = await this.#openSource(request.source, sampling, signal);
    const { stream, name: source, realtime } = current.opened;
    this.#hasWatched = true;
    await this.#session.watch(stream, { source, samplingFps: fps, realtime }, signal);
  }

  #require(): CurrentSource {
    if (!this.#current) {
      throw new DuetError('invalid_request', 'No source is playing in this session: send source.start first');
    }
    return this.#current;
  }
}

/** The source that a session opens or watches now. */
interface CurrentSource {
  readonly abort: AbortController;
  isPaused: boolean;
  /** Null while it is being opened. */
  opened: OpenedSource | null;
}
