import type { SessionEvent } from './events.js';

/** What a reader needs from the record it reads. */
export interface ReadRecord {
  /** The first event in memory with a number above `seq`; null if there is none to read yet. */
  next(seq: number): SessionEvent | null;
  /** The events after `seq` that memory may lack, and the number up to which; null if it lacks none. */
  older(seq: number): OlderEvents | null;
  /** The number of the newest event; 0 before the first. */
  lastSeq(): number;
  /** No more events will come. */
  isEnded(): boolean;
  /** Resolves when the record has changed, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>;
  /** Called when the reader is closed. */
  left(reader: EventReader): void;
}

/** Kept events that are no longer in memory. */
interface OlderEvents {
  readonly upTo: number;
  readonly events: AsyncIterable<SessionEvent>;
}

/**
 * One reader of a session's record. It keeps its own position and pulls events at its own pace, so a slow
 * reader costs no memory. A record may have many readers.
 */
export class EventReader implements AsyncIterable<SessionEvent>, Disposable {
  readonly #record: ReadRecord;
  readonly #closing = new AbortController();
  #position: number;
  /** Kept events were read up to this number; memory has whatever is still missing. */
  #olderRead = 0;

  constructor(record: ReadRecord, after: number, signal?: AbortSignal) {
    this.#record = record;
    this.#position = after;
    this.#closing.signal.addEventListener('abort', () => {
      record.left(this);
    });
    if (signal?.aborted) this.close();
    signal?.addEventListener(
      'abort',
      () => {
        this.close();
      },
      { signal: this.#closing.signal },
    );
  }

  /** The number of the event read last. */
  get position(): number {
    return this.#position;
  }

  /** Upper bound on the events it has not read yet. */
  get behind(): number {
    return this.#record.lastSeq() - this.#position;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SessionEvent, void> {
    const { signal } = this.#closing;
    try {
      while (!signal.aborted) {
        yield* this.#older();
        const event = this.#record.next(this.#position);
        if (event) {
          this.#position = event.seq;
          yield event;
        } else if (this.#record.isEnded()) return;
        else await this.#record.changed(signal);
      }
    } finally {
      this.close();
    }
  }

  async *#older(): AsyncGenerator<SessionEvent, void> {
    const older = this.#record.older(this.#position);
    if (older === null || older.upTo <= this.#olderRead) return;
    this.#olderRead = older.upTo;
    for await (const event of older.events) {
      if (this.isClosed) return;
      this.#position = event.seq;
      yield event;
    }
  }

  /** Stops reading, even while waiting; safe to call more than once. */
  close(): void {
    this.#closing.abort();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
