import { Signal } from '../../concurrency/signal.js';
import type { EventArchive, RecordedPlace } from './event-archive.js';
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
 * - Beyond `limit` events the older half loses its frame traces and text deltas in memory; if that is not
 *   enough, the oldest events are dropped. A slow reader then reads them from the archive or, without one,
 *   sees a gap in the numbers, never a wrong order.
 * - With an archive an event can be read once the archive has released it: when it is written.
 */
export class EventLog {
  readonly #now: () => number;
  readonly #limit: number;
  readonly #archive: EventArchive | null;
  readonly #changed = new Signal();
  readonly #openedAt: number;
  readonly #readers = new Set<EventReader>();
  #onReaders: () => void = () => undefined;
  #events: SessionEvent[] = [];
  #seq: number;
  /** Events up to this number may be read. */
  #released: number;
  /** Memory may lack events up to this number. */
  #thinnedUpTo: number;
  #ended = false;

  constructor(options: EventLogOptions) {
    const { seq, elapsedMs } = options.after ?? { seq: 0, elapsedMs: 0 };
    this.#now = options.now;
    this.#limit = options.limit ?? 20_000;
    this.#archive = options.archive ?? null;
    this.#openedAt = options.now() - elapsedMs;
    this.#seq = seq;
    this.#released = seq;
    this.#thinnedUpTo = seq;
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
    if (this.#archive === null) this.release(this.#seq);
    else this.#archive.append(event);
    return event;
  }

  /** Lets readers see the events up to this number; with an archive it is the archive that says so. */
  release(seq: number): void {
    this.#released = Math.max(this.#released, seq);
    this.#changed.notify();
  }

  /** Ends the log: readers end once they have read what is there. */
  end(): void {
    this.#ended = true;
    this.#changed.notify();
  }

  get isEnded(): boolean {
    return this.#ended;
  }

  /** The events still held in memory, oldest first. */
  snapshot(): readonly SessionEvent[] {
    return [...this.#events];
  }

  /** Number of readers. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Reads everything after sequence number `after`, then new events, until the log ends, `signal` aborts or
   * the reader is closed. The reader counts in `readers` from now on, so iterate it or close it; one that is
   * not `counted` keeps no session open.
   */
  read(options: { after?: number; signal?: AbortSignal; counted?: boolean } = {}): EventReader {
    const reader = new EventReader(this.#readable, options.after ?? 0, options.signal);
    if (!reader.isClosed && options.counted !== false) this.#readers.add(reader);
    this.#onReaders();
    return reader;
  }

  /** Reads what there is after sequence number `after`; it waits for nothing and counts as no reader. */
  history(after = 0): AsyncIterable<SessionEvent> {
    return new EventReader({ ...this.#readable, isEnded: () => true, left: () => undefined }, after);
  }

  /** Calls `listener` whenever a reader comes or goes; replaces an earlier listener. */
  listenToReaders(listener: () => void): void {
    this.#onReaders = listener;
  }

  readonly #readable: ReadRecord = {
    next: (seq) => {
      const event = this.#events[this.#indexAfter(seq)];
      return event === undefined || event.seq > this.#released ? null : event;
    },
    older: (seq) => {
      const upTo = Math.min(this.#thinnedUpTo, this.#released);
      return this.#archive === null || seq >= upTo ? null : { upTo, events: this.#archive.read(seq, upTo) };
    },
    lastSeq: () => this.#seq,
    isEnded: () => this.#ended && this.#released >= this.#seq,
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
    const complete = this.#events[half - 1]?.seq ?? 0;
    this.#events = kept.slice(-Math.floor(this.#limit * 0.9));
    const dropped = (this.#events[0]?.seq ?? 1) - 1;
    this.#thinnedUpTo = Math.max(this.#thinnedUpTo, complete, dropped);
  }
}

interface EventLogOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Most events in memory. */
  readonly limit?: number;
  /** Keeps the events beyond memory; default: memory only. */
  readonly archive?: EventArchive | undefined;
  /** Where the record goes on; default: it begins. */
  readonly after?: RecordedPlace | undefined;
}
