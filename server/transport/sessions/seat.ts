import type { DuetSession } from '../../duet/session.js';
import { DuetError } from '../../errors.js';
import type { RequestedSampling } from '../../video/stream.js';
import type { OpenedSource, OpenSource, SourceRequest } from './source-opener.js';

/** Asks whoever serves the seat to leave it. */
export type LeaveSeat = () => void;

interface SeatSource {
  readonly abort: AbortController;
  isPaused: boolean;
  opened: OpenedSource | null;
}

/**
 * What a client needs of its session beyond the session itself, and what outlives its connection: the source
 * being opened or watched, what was acknowledged, and which connection serves it now.
 */
export class Seat {
  readonly session: DuetSession;
  /** The newest event the client says it has. */
  acknowledged = 0;
  readonly #openSource: OpenSource;
  readonly #now: () => number;
  #activeAt: number;
  #source: SeatSource | null = null;
  #hasWatched = false;
  #occupant: LeaveSeat | null = null;

  /** `now` gives monotonic milliseconds. */
  constructor(session: DuetSession, openSource: OpenSource, now: () => number) {
    this.session = session;
    this.#openSource = openSource;
    this.#now = now;
    this.#activeAt = now();
  }

  /**
   * Milliseconds for which nothing was watched and nothing said. A source that is paused is not watched, nor
   * is one that waits for pictures: those keep the session alive by coming.
   */
  get idleForMs(): number {
    const source = this.#source;
    const isPlaying = source !== null && !source.isPaused && source.opened?.push == null;
    return isPlaying ? 0 : this.#now() - this.#activeAt;
  }

  /** A connection takes the seat; the one that had it is asked to leave. */
  take(leave: LeaveSeat): void {
    this.#occupant?.();
    this.#occupant = leave;
  }

  /** A connection leaves; tells whether the seat is empty now. */
  leave(leave: LeaveSeat): boolean {
    if (this.#occupant !== leave) return false;
    this.#occupant = null;
    return true;
  }

  /**
   * Opens and watches a source to its end. Throws 'invalid_request' while there is another one, what opening
   * throws, and 'model_failed'; a source that breaks while it is watched is in the session's record instead.
   */
  async watch(request: SourceRequest, sampling: RequestedSampling): Promise<void> {
    if (this.#source) {
      throw new DuetError('invalid_request', 'This session has a source already: send source.stop first');
    }
    const source: SeatSource = { abort: new AbortController(), isPaused: false, opened: null };
    this.#source = source;
    try {
      source.opened = await this.#openSource(request, sampling, source.abort.signal);
      await this.#watchOpened(source.opened, source, sampling);
    } finally {
      this.#source = null;
      this.#activeAt = this.#now();
      await this.#putAway(source.opened);
    }
    await this.lookAgain();
  }

  /**
   * Says something; the texts of a moment are for the source being opened or watched. Throws
   * 'invalid_request' after its end.
   */
  addUserText(text: string, options: { videoTime?: number; clientEventId?: string }): void {
    const { videoTime } = options;
    if (videoTime !== undefined && this.#source === null && this.#hasWatched) {
      const message =
        `The video has ended, so ${videoTime} s does not come: leave ` +
        'video_time out, or send the text after source.start';
      throw new DuetError('invalid_request', message);
    }
    this.#activeAt = this.#now();
    this.session.addUserText(text, options);
  }

  /**
   * Answers texts although the video stands still, see {@link DuetSession.lookAgain}; one that is being
   * opened will have frames for them.
   */
  async lookAgain(): Promise<void> {
    if (this.#source === null || this.#source.opened !== null) await this.session.lookAgain();
  }

  /**
   * Hands a pushed picture to the source; throws 'invalid_request' when there is none that takes pictures,
   * else what the source says of it.
   */
  async push(message: Uint8Array): Promise<void> {
    const push = this.#source?.opened?.push;
    if (!push) {
      throw new DuetError(
        'invalid_request',
        'No source takes pictures now: start the source "pictures" and wait for source.opened',
      );
    }
    this.#activeAt = this.#now();
    await push(message);
  }

  /** Ends the source, also one that is still being opened. */
  stopSource(): void {
    this.#require().abort.abort();
  }

  pauseSource(): void {
    const source = this.#require();
    this.session.pauseSource();
    source.isPaused = true;
    this.#activeAt = this.#now();
  }

  resumeSource(): void {
    const source = this.#require();
    this.session.resumeSource();
    source.isPaused = false;
  }

  /** Gives up whatever is being opened or watched; for the end of the session. */
  abandonSource(): void {
    this.#source?.abort.abort();
  }

  async #watchOpened(opened: OpenedSource, source: SeatSource, sampling: RequestedSampling): Promise<void> {
    const options = {
      source: opened.name,
      samplingFps: sampling.fps,
      realtime: sampling.pacing === 'realtime' || opened.stream.info.live,
    };
    this.#hasWatched = true;
    await this.session.watch(opened.stream, options, source.abort.signal);
  }

  async #putAway(opened: OpenedSource | null): Promise<void> {
    try {
      await opened?.stream[Symbol.asyncDispose]();
    } finally {
      opened?.release?.();
    }
  }

  #require(): SeatSource {
    if (!this.#source) {
      throw new DuetError('invalid_request', 'No source is playing in this session: send source.start first');
    }
    return this.#source;
  }
}
