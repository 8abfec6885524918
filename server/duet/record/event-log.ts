import { Signal } from '../../concurrency/signal.js';
import { EventReader, type ReadRecord } from './event-reader.js';
import type { SessionEvent, SessionHappening } from './events.js';

/** Events that later ones make redundant; they are dropped first. */
const redundant: ReadonlySet<SessionEvent['type']> = new Set([
  'frame.scored',
  'response.text.delta',
  'session.lagging',
]);

/**
 * The ordered record of one session.
 *
 * - Every event gets the next sequence number; numbers start at 1 and are never reused.
 * - Readers pull at their own pace from the one shared record, so a slow reader costs no memory of its own.
 * - Beyond `limit` events the older half loses its frame traces and text deltas; if that is not enough, the
 *   oldest events are dropped. A slow reader then sees a gap in the numbers, never a wrong order.
 */
export class EventLog {
  readonly #now: () => number;
  readonly #limit: number;
  readonly #changed = new Signal();
  readonly #openedAt: number;
  readonly #readers = new Set<EventReader>();
  #onReaders: () => void = () => undefined;
  #events: SessionEvent[] = [];
  #seq = 0;
  #ended = false;

  /** `now` returns monotonic milliseconds. */
  constructor(options: { now: () => number; limit?: number }) {
    this.#now = options.now;
    this.#limit = options.limit ?? 20_000;
    this.#openedAt = options.now();
  }

  /** The sequence number of the newest event; 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Milliseconds since the session was opened. */
  elapsedMs(): number {
    return Math.round((this.#now() - this.#openedAt) * 1000) / 1000;
  }

  append(happening: SessionHappening, videoTime: number): SessionEvent {
    this.#seq += 1;
    const event: SessionEvent = { ...happening, seq: this.#seq, videoTime, elapsedMs: this.elapsedMs() };
    this.#events.push(event);
    if (this.#events.length > this.#limit) this.#thin();
    this.#changed.notify();
    return event;
  }

  /** Ends the log: readers end once they have read what is there. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  /** The events still held, oldest first. */
  snapshot(): readonly SessionEvent[] {
    return [...this.#events];
  }

  /** Number of readers. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Reads everything after sequence number `after`, then new events, until the log ends, `signal` aborts or
   * the reader is closed. The reader counts in `readers` from now on, so iterate it or close it.
   */
  read(options: { after?: number; signal?: AbortSignal } = {}): EventReader {
    const reader = new EventReader(this.#readable, options.after ?? 0, options.signal);
    if (!reader.isClosed) this.#readers.add(reader);
    this.#onReaders();
    return reader;
  }

  /** Calls `listener` whenever a reader comes or goes; replaces an earlier listener. */
  listenToReaders(listener: () => void): void {
    this.#onReaders = listener;
  }

  readonly #readable: ReadRecord = {
    next: (seq) => this.#events[this.#indexAfter(seq)] ?? null,
    lastSeq: () => this.#seq,
    isEnded: () => this.#ended,
    changed: (signal) => this.#changed.wait(signal),
    left: (reader) => {
      this.#readers.delete(reader);
      this.#onReaders();
    },
  };

  /** Index of the first held event with a number above `seq` (binary search; numbers may have gaps). */
  #indexAfter(seq: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.seq ?? Infinity) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #thin(): void {
    const half = this.#events.length >> 1;
    const kept = this.#events.filter((event, index) => index >= half || !redundant.has(event.type));
    this.#events = kept.slice(-Math.floor(this.#limit * 0.9));
  }
}
