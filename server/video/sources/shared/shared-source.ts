import { cancelled } from '../../ffmpeg/failure.js';
import { withId } from '../../frame.js';
import type { StreamNotice } from '../../stream.js';
import type { HandledSource } from '../handled-source.js';
import { SourceHandler } from '../handler.js';
import { SharedReader, type Ending } from './shared-reader.js';

/**
 * A source that several readers watch, if it proves to be live. They join and leave at any time; it is opened
 * for the first one and closed when the last has left. A recording goes to the first reader alone.
 */
export class SharedSource {
  readonly #fps: number;
  readonly #onOver: () => void;
  readonly #stop = new AbortController();
  readonly #opening: Promise<SourceHandler>;
  readonly #readers = new Set<SharedReader>();
  /** Readers that wait until it is open; each hears of attempts meanwhile. */
  readonly #joining = new Set<HandledSource>();
  #state: 'shared' | 'given away' | 'over' = 'shared';
  #isPumping = false;

  /** Begins to open the source. `onOver` is called once, when nobody can join any more. */
  constructor(handled: HandledSource, onOver: () => void) {
    this.#fps = handled.options.fps;
    this.#onOver = onOver;
    const hear = (notice: StreamNotice): void => {
      for (const joining of this.#joining) joining.hear?.(notice);
    };
    this.#opening = SourceHandler.open({ ...handled, hear }, this.#stop.signal);
    this.#opening.catch(() => {
      this.#finish('over');
    });
  }

  /** Whether frames at this rate can be taken from it exactly: the first one of each longer interval. */
  serves(fps: number): boolean {
    const multiple = this.#fps / fps;
    return this.#state === 'shared' && Math.abs(multiple - Math.round(multiple)) < 1e-9;
  }

  /**
   * Joins as soon as the source is open; null if it is a recording, or over. Throws what opening throws, and
   * 'cancelled' when `signal` aborts, which later ends the reader.
   */
  async join(handled: HandledSource, signal: AbortSignal): Promise<SharedReader | null> {
    this.#joining.add(handled);
    try {
      const handler = await unlessAborted(this.#opening, handled, signal);
      return handler.info.live && this.#state === 'shared' ? this.#admit(handler, handled, signal) : null;
    } finally {
      this.#joining.delete(handled);
      void this.#closeIfUnused();
    }
  }

  /**
   * Does the same for the reader that the source is opened for; a recording is given to it, and `signal` then
   * ends it.
   */
  async joinFirst(handled: HandledSource, signal: AbortSignal): Promise<SharedReader | SourceHandler> {
    const giveAway = this.#opening.then((handler) => {
      if (!handler.info.live) this.#finish('given away');
    });
    giveAway.catch(() => undefined);
    const reader = await this.join(handled, signal);
    if (reader !== null) return reader;
    const stop = (): void => {
      this.#stop.abort(signal.reason);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const handler = await this.#opening;
    if (handled.hear !== undefined) handler.listen(handled.hear);
    return handler;
  }

  #admit(handler: SourceHandler, handled: HandledSource, signal: AbortSignal): SharedReader {
    const { hear, options } = handled;
    const reader = new SharedReader(handler, { fps: options.fps, hear }, () => {
      signal.removeEventListener('abort', onAbort);
      this.#readers.delete(reader);
      return this.#closeIfUnused();
    });
    const onAbort = (): void => {
      reader.end({ type: 'failed', error: cancelled(handler.name, signal) });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#readers.add(reader);
    if (!this.#isPumping) void this.#pump(handler);
    return reader;
  }

  async #pump(handler: SourceHandler): Promise<void> {
    this.#isPumping = true;
    handler.listen((notice) => {
      for (const reader of this.#readers) reader.tell(notice);
    });
    const ending = await this.#readAll(handler);
    for (const reader of this.#readers) reader.end(ending);
    this.#finish('over');
  }

  async #readAll(handler: SourceHandler): Promise<Ending> {
    try {
      for await (const frame of handler) {
        const shown = this.#readers.size > 1 ? withId(frame) : frame;
        for (const reader of this.#readers) reader.offer(shown);
      }
      return { type: 'ended' };
    } catch (error) {
      return { type: 'failed', error };
    }
  }

  async #closeIfUnused(): Promise<void> {
    if (this.#readers.size > 0 || this.#joining.size > 0 || this.#state !== 'shared') return;
    this.#finish('over');
    this.#stop.abort();
    const handler = await this.#opening.catch(() => null);
    await handler?.[Symbol.asyncDispose]();
  }

  #finish(state: 'given away' | 'over'): void {
    if (this.#state !== 'shared') return;
    this.#state = state;
    this.#onOver();
  }
}

function unlessAborted(
  opening: Promise<SourceHandler>,
  { options }: HandledSource,
  signal: AbortSignal,
): Promise<SourceHandler> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(cancelled(options.name ?? 'the source', signal));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    opening.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
