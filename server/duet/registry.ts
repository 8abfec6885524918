import { DuetError } from '../errors.js';
import { DuetSession, type SessionOptions } from './session.js';

/** Limits of a registry. */
export interface RegistryOptions {
  /** Most sessions open at once; one more is refused with 'busy'. */
  readonly limit: number;
  /** How long a session without a client is kept for it to come back. */
  readonly graceMs: number;
}

/** How many of a registry's places are taken. */
export interface Occupancy {
  readonly sessions: number;
  readonly limit: number;
}

interface Entry {
  readonly session: DuetSession;
  expiry: { readonly timer: ReturnType<typeof setTimeout>; readonly at: number } | null;
}

/**
 * How long to wait after 'busy', in milliseconds, within bounds: a session may end at any time, or not for
 * long.
 */
const retryAfter = { least: 1000, most: 10_000 };

/**
 * The open sessions of a server. A session whose client is lost lives on for a grace period and then closes
 * by itself.
 */
export class SessionRegistry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  #opening = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Opens a session. Throws 'busy' when the limit is reached, and what {@link DuetSession.open} throws. */
  async open(options: SessionOptions): Promise<DuetSession> {
    if (this.isFull) {
      const message = `All ${this.#options.limit} sessions of this server are in use; try again later.`;
      throw new DuetError('busy', message, { retryAfterMs: this.retryAfterMs });
    }
    this.#opening += 1;
    try {
      const session = await DuetSession.open(options);
      this.#entries.set(session.id, { session, expiry: null });
      return session;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Places that are taken; one whose session is still being opened is. */
  get occupancy(): Occupancy {
    return { sessions: this.#entries.size + this.#opening, limit: this.#options.limit };
  }

  get isFull(): boolean {
    return this.#entries.size + this.#opening >= this.#options.limit;
  }

  /**
   * When asking again may help, in milliseconds: once the next grace period is over, unless that is far off.
   */
  get retryAfterMs(): number {
    const ends = [...this.#entries.values()].map(({ expiry }) => expiry?.at ?? Infinity);
    const soonest = Math.ceil(Math.min(...ends) - performance.now());
    return Math.min(retryAfter.most, Math.max(retryAfter.least, soonest));
  }

  /** The session with this id; throws 'not_found'. */
  get(id: string): DuetSession {
    const entry = this.#entries.get(id);
    if (!entry) throw new DuetError('not_found', 'No such session: it was closed or never opened.');
    return entry.session;
  }

  /** The open sessions, oldest first. */
  list(): readonly DuetSession[] {
    return [...this.#entries.values()].map((entry) => entry.session);
  }

  /** A client has taken the session up: it no longer expires. */
  attach(id: string): DuetSession {
    const session = this.get(id);
    this.#stopExpiry(id);
    return session;
  }

  /** The session's client is gone: unless {@link attach} is called in time, the session is closed. */
  detach(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#stopExpiry(id);
    const timer = setTimeout(
      () => void this.close(id, 'client_lost').catch(() => undefined),
      this.#options.graceMs,
    );
    timer.unref();
    entry.expiry = { timer, at: performance.now() + this.#options.graceMs };
  }

  /** Closes a session and forgets it; a session that is not there is no error. */
  async close(id: string, reason: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#stopExpiry(id);
    try {
      await entry.session.close(reason);
    } finally {
      this.#entries.delete(id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#entries.keys()].map((id) => this.close(id, 'server_shutdown')));
  }

  #stopExpiry(id: string): void {
    const entry = this.#entries.get(id);
    if (entry?.expiry) clearTimeout(entry.expiry.timer);
    if (entry) entry.expiry = null;
  }
}
