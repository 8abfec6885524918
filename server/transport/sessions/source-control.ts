import type { Admission, Capacity } from '../../duet/capacity/capacity.js';
import type { StandingQuestion } from '../../duet/conversation/standing-questions.js';
import { detailFor } from '../../duet/reading/session-reading.js';
import type { DuetSession } from '../../duet/session.js';
import { previewSide } from '../../duet/watching/preview.js';
import { DuetError } from '../../errors.js';
import { pictureShapeFor } from '../../runtime/capabilities.js';
import type { PictureShape } from '../../video/pictures/letterbox-size.js';
import type { StreamNotice } from '../../video/stream.js';
import type { OpenedSource, OpenSource, StartRequest, TellWaiting } from './open-source.js';

/**
 * A session's source, as its client controls it: one source at a time is opened, watched, paused and ended.
 * It outlives connections.
 */
export class SourceControl {
  readonly #session: DuetSession;
  readonly #openSource: OpenSource;
  readonly #now: () => number;
  readonly #admit: Capacity['admit'];
  readonly #remember: (source: RememberedSource | null) => void;
  #activeAt: number;
  #current: CurrentSource | null = null;
  #hasWatched = false;

  constructor(
    session: DuetSession,
    openSource: OpenSource,
    { now, admit = () => uncounted, remember = () => undefined }: SourceTools,
  ) {
    this.#session = session;
    this.#openSource = openSource;
    this.#now = now;
    this.#admit = admit;
    this.#remember = remember;
    this.#activeAt = now();
  }

  /**
   * Milliseconds since anything was watched or said. A paused source does not count as watched, nor does one
   * that waits for pictures, but each picture keeps the session alive.
   */
  get idleForMs(): number {
    const current = this.#current;
    const isPlaying = current !== null && !this.#session.isSourcePaused && current.opened?.push == null;
    return isPlaying ? 0 : this.#now() - this.#activeAt;
  }

  /**
   * Opens a source and watches it to its end. Throws 'invalid_request' while another one is there, 'busy' if
   * watching it in real time would make others late, errors of opening, and 'model_failed'; a source that
   * fails while it is watched goes into the session's record instead. A recording begins at `from` seconds,
   * so that it can go on where it stopped. `tell` learns where a sender that is waited for is to push.
   */
  async watch(request: StartRequest, { from, tell }: WatchOptions = {}): Promise<void> {
    if (this.#current) {
      throw new DuetError('invalid_request', 'This session has a source already: send source.stop first');
    }
    const current: CurrentSource = {
      abort: new AbortController(),
      opened: null,
      isAbandoned: false,
      admission: uncounted,
    };
    this.#current = current;
    try {
      await this.#openAndWatch(request, { from, tell }, current);
    } finally {
      this.#current = null;
      if (!current.isAbandoned) this.#remember(null);
      this.#activeAt = this.#now();
      current.admission.leave();
      await current.opened?.stream[Symbol.asyncDispose]();
    }
    await this.lookAgain();
  }

  /**
   * Adds a user text; texts with a time are for the source being opened or watched. Throws 'invalid_request'
   * after its end.
   */
  addUserText(text: string, options: { videoTime?: number; clientEventId?: string }): void {
    const { videoTime } = options;
    if (videoTime !== undefined && this.#current === null && this.#hasWatched) {
      const message =
        `The video has ended, so ${videoTime} s will not come: leave ` +
        'video_time out, or send the text after source.start';
      throw new DuetError('invalid_request', message);
    }
    this.#activeAt = this.#now();
    this.#session.addUserText(text, options);
  }

  /**
   * Adds a question, see {@link DuetSession.addQuestion}. Throws 'busy' if watching for it, too, in a source
   * that plays in real time would make others late.
   */
  async addQuestion(...question: Parameters<DuetSession['addQuestion']>): Promise<StandingQuestion> {
    const contexts = this.#session.contextsWith(1);
    if (contexts > this.#session.contextsWith(0)) this.#current?.admission.requireRoomFor(contexts);
    const added = await this.#session.addQuestion(...question);
    this.#activeAt = this.#now();
    return added;
  }

  /**
   * Answers texts while no frames come, see {@link DuetSession.lookAgain}; a source being opened will have
   * frames for them.
   */
  async lookAgain(): Promise<void> {
    if (this.#current === null || this.#current.opened !== null) await this.#session.lookAgain();
  }

  /**
   * Passes a pushed picture to the source; throws 'invalid_request' when no source takes pictures, else the
   * source's errors.
   */
  async push(message: Uint8Array): Promise<void> {
    const push = this.#current?.opened?.push;
    if (!push) {
      throw new DuetError(
        'invalid_request',
        'No source takes pictures or bytes now: start "pictures" or "container" and wait for source.opened',
      );
    }
    this.#activeAt = this.#now();
    await push(message);
  }

  /** Resolves when more may be pushed. */
  async room(): Promise<void> {
    await this.#current?.opened?.room?.();
  }

  /** Ends what is pushed: what waits is still watched. Throws 'invalid_request' if nothing is pushed. */
  finish(): void {
    const finish = this.#current?.opened?.finish;
    if (finish) finish();
    else throw new DuetError('invalid_request', 'Nothing is being pushed: send source.stop to end a source');
  }

  /** Ends the source, even while it is being opened. Throws 'invalid_request' if there is none. */
  stop(): void {
    this.#require().abort.abort();
  }

  /** Ends whatever is being opened or watched, as the session has ended. */
  end(): void {
    this.#current?.abort.abort();
  }

  /** Throws 'invalid_request' if nothing is playing. */
  pause(): void {
    this.#require();
    this.#session.pauseSource();
    this.#activeAt = this.#now();
  }

  /** Throws 'invalid_request' if nothing is playing. */
  resume(): void {
    this.#require();
    this.#session.resumeSource();
  }

  /**
   * Ends whatever is being opened or watched, as the server stops. What was watched can be opened again.
   */
  abandon(): void {
    if (!this.#current) return;
    this.#current.isAbandoned = true;
    this.#current.abort.abort();
  }

  async #openAndWatch(
    request: StartRequest,
    { from, tell }: WatchOptions,
    current: CurrentSource,
  ): Promise<void> {
    const { settings, model, owner } = this.#session;
    const { fps = settings.fps, sampler, maxFrames, pacing, maxReconnects } = request;
    const shape = pictureShapeFor(model.capabilities);
    const detail = detailFor(model, settings) ?? previewDetail(request, shape);
    const sampling = {
      ...{ ...shape, detail, fps, sampler, maxFrames, pacing, maxReconnects, owner },
      ...(from !== undefined && { from }),
    };
    const { signal } = current.abort;
    const hear = (notice: StreamNotice): void => {
      this.#session.note(notice);
    };
    if (pacing !== 'fast') this.#enter(current, fps);
    current.opened = await this.#openSource(request.source, sampling, signal, hear, tell);
    const { stream, name: source, realtime } = current.opened;
    // A live source plays in real time whatever was asked for.
    if (pacing === 'fast' && realtime) this.#enter(current, fps);
    this.#hasWatched = true;
    if (canReopen(request.source)) this.#remember({ request, name: source });
    await this.#session.watch(stream, { source, samplingFps: fps, realtime, from }, signal);
  }

  #enter(current: CurrentSource, fps: number): void {
    const { model, worker } = this.#session;
    const contexts = (): number => this.#session.contextsWith(0);
    current.admission = this.#admit({ model, worker, fps, contexts });
  }

  #require(): CurrentSource {
    if (!this.#current) {
      throw new DuetError('invalid_request', 'No source is playing in this session: send source.start first');
    }
    return this.#current;
  }
}

/**
 * Longest side in pixels of the pictures that viewers want besides those of the model; undefined for none. Of
 * what is pushed picture by picture they cost nothing until somebody looks.
 */
function previewDetail({ preview, source }: StartRequest, { side }: PictureShape): number | undefined {
  const wanted = preview === true || source.type === 'pictures';
  return wanted && side < previewSide ? previewSide : undefined;
}

/** The place of a source that plays fast, which is not counted. */
const uncounted: Admission = { leave: () => undefined, requireRoomFor: () => undefined };

/** The source that a session is opening or watching. */
interface CurrentSource {
  readonly abort: AbortController;
  /** Null while it is being opened. */
  opened: OpenedSource | null;
  admission: Admission;
  /** Whether the server lets go of it, rather than its client. */
  isAbandoned: boolean;
}

interface WatchOptions {
  readonly from?: number | undefined;
  readonly tell?: TellWaiting | undefined;
}

interface SourceTools {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Refuses sources that would make others late. */
  readonly admit?: Capacity['admit'];
  /** Keeps what is watched, in case the server is lost; null forgets it. */
  readonly remember?: (source: RememberedSource | null) => void;
}

/** What a session watches, to be opened again. */
interface RememberedSource {
  readonly request: StartRequest;
  /** Its name in the record. */
  readonly name: string;
}

/** Whether the server can open a source again by itself: what is pushed needs its client. */
function canReopen({ type }: StartRequest['source']): boolean {
  return type === 'sample' || type === 'file' || type === 'url';
}
