import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { SourceControl } from './source-control.js';

/** How a connection takes part in a session: it controls it, or only reads its events. */
export type SessionRole = 'controller' | 'reader';

/** The role of one connection in a session. */
export interface Attachment {
  readonly role: SessionRole;
  readonly hosted: HostedSession;
  /** Gives the role up; safe to call more than once. */
  leave(): void;
}

/** A connection as its session sees it. */
export interface AttachedConnection {
  /** Another connection controls the session from now on. */
  replaced(): void;
}

/**
 * A session as the server keeps it for its clients: what it watches, and which connections are there. One
 * connection controls it, the newest that asked for that; any number read along. A session that nobody
 * controls or reads lives on for the registry's grace period.
 */
export class HostedSession {
  readonly session: DuetSession;
  readonly source: SourceControl;
  /** The newest event that the controlling client says it has. */
  acknowledged = 0;
  readonly #registry: SessionRegistry;
  readonly #readers = new Set<AttachedConnection>();
  #controller: AttachedConnection | null = null;

  constructor(session: DuetSession, source: SourceControl, registry: SessionRegistry) {
    this.session = session;
    this.source = source;
    this.#registry = registry;
  }

  /** How many connections only read. */
  get readers(): number {
    return this.#readers.size;
  }

  /** Gives a connection its role; a new controller replaces the one before it, a reader nobody. */
  attach(role: SessionRole, attached: AttachedConnection): Attachment {
    if (role === 'controller') this.#replaceController(attached);
    else this.#readers.add(attached);
    return {
      role,
      hosted: this,
      leave: () => {
        this.#readers.delete(attached);
        if (this.#controller === attached) this.#loseController();
      },
    };
  }

  #replaceController(attached: AttachedConnection): void {
    this.#registry.attach(this.session.id);
    this.#controller?.replaced();
    this.#controller = attached;
  }

  #loseController(): void {
    this.#controller = null;
    this.#registry.detach(this.session.id);
  }
}
