import { DuetError } from '../errors.js';
import { DuetSession, type SessionOptions } from './session.js';

/** Limits of a registry. */
export interface RegistryOptions {
  /** Most sessions open at once; one more is refused with 'busy'. */
  readonly limit: number;
  /** How long a session without a client is kept for it to come back. */
  readonly graceMs: number;
}

interface Entry {
  readonly session: DuetSession;
  expiry: ReturnType<typeof setTimeout> | null;
}

/** The open sessions of a server. A session whose client is lost lives on for a grace period and then closes by itself. */
export class SessionRegistry implements AsyncDisposable {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  #opening = 0;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  /** Opens a session. Throws 'busy' when the limit is reached, and what {@link DuetSession.open} throws. */
  async open(options: SessionOptions): Promise<DuetSession> {
    if (this.#entries.size + this.#opening >= this.#options.limit) {
      const message = `All ${this.#options.limit} sessions of this server are in use; try again later.`;
      throw new DuetError('busy', message);
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
    entry.expiry = setTimeout(
      () => void this.close(id, 'client_lost').catch(() => undefined),
      this.#options.graceMs,
    );
    entry.expiry.unref();
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
    if (entry?.expiry) clearTimeout(entry.expiry);
    if (entry) entry.expiry = null;
  }
}
