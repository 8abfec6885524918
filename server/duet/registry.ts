import { Signal } from '../concurrency/signal.js';
import { DuetError } from '../errors.js';
import { Capacity } from './capacity/capacity.js';
import { Counters } from './record/counters.js';
import type { SessionOwner } from './record/session-state.js';
import { DuetSession, type SessionOptions } from './session.js';

/** Limits of a registry. */
interface RegistryOptions {
  /** Most sessions open at once; one more is refused with 'busy'. */
  readonly limit: number;
  /** How long a session is kept without clients and readers, in milliseconds. */
  readonly graceMs: number;
  /** Counts what happens in its sessions. */
  readonly counters?: Counters;
  /** How late frames may be, in milliseconds; see {@link Capacity}. Default: a second. */
  readonly targetMs?: number | undefined;
  /** Monotonic milliseconds; default: this machine's. */
  readonly now?: () => number;
  /** Hears of every session that is opened, or opened again. */
  readonly onOpened?: ((session: DuetSession) => void) | undefined;
}

/** How many sessions are open, and how many may be. */
interface Occupancy {
  readonly sessions: number;
  readonly limit: number;
}

/** Bounds of the wait suggested after 'busy', in milliseconds: a session may end at any time. */
const retryAfter = { least: 1000, most: 10_000 };

/**
 * The open sessions of a server. A session stays open while a client is attached or its record is being read.
 * Once the last client and reader are gone it is kept for a grace period, then closed.
 */
export class SessionRegistry implements AsyncDisposable {
  readonly counters: Counters;
  /** Admits what sessions want to watch in real time. */
  readonly capacity: Capacity;
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #opened = new Signal();
  #opening = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.counters = options.counters ?? new Counters();
    const { targetMs = 1000, now = () => performance.now() } = options;
    this.capacity = new Capacity({ targetMs, now, counters: this.counters });
  }

  /**
   * Opens a session, with a client attached. Throws 'busy' when the limit is reached, and what
   * {@link DuetSession.open} throws.
   */
  async open(options: SessionOptions): Promise<DuetSession> {
    if (this.isFull) {
      this.counters.add('sessionsRefused');
      await options.archive?.close();
      const message = `All ${this.#options.limit} sessions of this server are in use; try again later.`;
      throw new DuetError('busy', message, { retryAfterMs: this.retryAfterMs });
    }
    this.#opening += 1;
    try {
      const { model } = options;
      this.capacity.know(model);
      const onDelay: SessionOptions['onDelay'] = (delay, worker) => {
        this.capacity.noteDelay({ model, worker }, delay);
      };
      const session = await DuetSession.open({ ...options, counters: this.counters, onDelay });
      const entry: Entry = { session, isAttached: true, keptMs: null, expiry: null };
      this.#entries.set(session.id, entry);
      this.#opened.notify();
      session.log.listenToReaders(() => {
        this.#updateExpiry(entry);
      });
      this.#options.onOpened?.(session);
      return session;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Places taken, including those of sessions that are still opening. */
  get occupancy(): Occupancy {
    return { sessions: this.#entries.size + this.#opening, limit: this.#options.limit };
  }

  /** What the contexts of all sessions hold together; bytes only where they are known. */
  get held(): { readonly tokens: number; readonly bytes: number } {
    const held = this.list().map((session) => session.held);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    return { tokens: sum(held.map(({ tokens }) => tokens)), bytes: sum(held.map(({ bytes }) => bytes ?? 0)) };
  }

  get isFull(): boolean {
    return this.#entries.size + this.#opening >= this.#options.limit;
  }

  /** When to try again, in milliseconds: at the end of the next grace period, within bounds. */
  get retryAfterMs(): number {
    const ends = [...this.#entries.values()].map(({ expiry }) => expiry?.at ?? Infinity);
    const soonest = Math.ceil(Math.min(...ends) - performance.now());
    return Math.min(retryAfter.most, Math.max(retryAfter.least, soonest));
  }

  /**
   * The session with this id; throws 'not_found'. With `owner`, another owner's session is not found either;
   * a session without an owner is open to all.
   */
  get(id: string, owner?: SessionOwner): DuetSession {
    const entry = this.#entries.get(id);
    const isOthers = owner !== undefined && entry != null && ![null, owner].includes(entry.session.owner);
    if (!entry || isOthers)
      throw new DuetError('not_found', 'No such session: it was closed or never opened.');
    return entry.session;
  }

  /** Whether a session with this id is open, whoever owns it; one that is just being closed is awaited. */
  async has(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (entry?.session.log.isEnded === true) await this.close(id, 'closed').catch(() => undefined);
    return this.#entries.has(id);
  }

  /** The open sessions, oldest first; with `owner`, those of that owner. */
  list({ owner }: { owner?: SessionOwner } = {}): readonly DuetSession[] {
    const sessions = [...this.#entries.values()].map(({ session }) => session);
    return owner === undefined ? sessions : sessions.filter((session) => session.owner === owner);
  }

  /** Resolves when the next session has opened, or when `signal` aborts. */
  nextOpened(signal: AbortSignal): Promise<void> {
    return this.#opened.wait(signal);
  }

  /** Marks the session as having a client again, and returns it. */
  attach(id: string): DuetSession {
    const session = this.get(id);
    const entry = this.#entries.get(id);
    if (entry) entry.keptMs = null;
    this.#setAttached(id, true);
    return session;
  }

  /** Marks the session as having lost its client. */
  detach(id: string): void {
    this.#setAttached(id, false);
  }

  /**
   * The session is kept for so long once its client has gone, in milliseconds, instead of the grace period.
   */
  keep(id: string, ms: number): void {
    const entry = this.#entries.get(id);
    if (entry) entry.keptMs = ms;
  }

  /** Closes and removes a session; an unknown id is no error. */
  async close(id: string, reason: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    stopExpiry(entry);
    try {
      await entry.session.close(reason);
    } finally {
      this.#entries.delete(id);
      stopExpiry(entry);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#entries.keys()].map((id) => this.close(id, 'server_shutdown')));
  }

  #setAttached(id: string, isAttached: boolean): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    entry.isAttached = isAttached;
    this.#updateExpiry(entry);
  }

  /** Starts the grace period of a session without clients and readers, or ends it when one is back. */
  #updateExpiry(entry: Entry): void {
    const { session, isAttached } = entry;
    stopExpiry(entry);
    const isClosed = this.#entries.get(session.id) !== entry;
    if (isClosed || isAttached || session.log.readers > 0) return;
    const graceMs = entry.keptMs ?? this.#options.graceMs;
    const timer = setTimeout(() => {
      this.close(session.id, 'client_lost').catch(() => undefined);
    }, graceMs);
    timer.unref();
    entry.expiry = { timer, at: performance.now() + graceMs };
  }
}

interface Entry {
  readonly session: DuetSession;
  isAttached: boolean;
  /** How long it is kept without a client; null for the grace period. */
  keptMs: number | null;
  expiry: { readonly timer: ReturnType<typeof setTimeout>; readonly at: number } | null;
}

function stopExpiry(entry: Entry): void {
  if (entry.expiry) clearTimeout(entry.expiry.timer);
  entry.expiry = null;
}
