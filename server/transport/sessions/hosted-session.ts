import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { SourceControl } from './source-control.js';

/**
 * A session as the server keeps it for its clients: what it watches, and which connections are there. One
 * connection controls it, the newest that asked for that; any number read its record along with it. When it
 * closes with nobody left is for the registry to say.
 */
export class HostedSession {
  readonly session: DuetSession;
  readonly source: SourceControl;
  /** The newest event that the controlling client says it has. */
  acknowledged = 0;
  readonly #registry: SessionRegistry;
  #controller: AttachedConnection | null = null;

  constructor(session: DuetSession, source: SourceControl, registry: SessionRegistry) {
    this.session = session;
    this.source = source;
    this.#registry = registry;
  }

  /** Gives a connection its role; a new controller replaces the one before it, a reader nobody. */
  attach(role: SessionRole, attached: AttachedConnection): Attachment {
    if (role === 'controller') this.#replaceController(attached);
    return {
      role,
      hosted: this,
      leave: () => {
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
interface AttachedConnection {
  /** Another connection controls the session from now on. */
  replaced(): void;
}
