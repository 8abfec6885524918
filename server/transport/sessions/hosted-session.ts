import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { SourceControl } from './source-control.js';

/**
 * A session as the server keeps it for its clients: its source and its connections. One connection controls
 * it, the newest that asked to; any number can read its events. The registry decides when a session without a
 * controller is closed.
 */
export class HostedSession {
  readonly session: DuetSession;
  readonly source: SourceControl;
  /** The newest event that the controlling client has acknowledged. */
  acknowledged = 0;
  readonly #registry: SessionRegistry;
  readonly #followers = new Set<AttachedConnection>();
  #controller: AttachedConnection | null = null;

  constructor(session: DuetSession, source: SourceControl, registry: SessionRegistry) {
    this.session = session;
    this.source = source;
    this.#registry = registry;
  }

  /** Gives a connection its role; a new controller replaces the previous one, a reader replaces nobody. */
  attach(role: SessionRole, attached: AttachedConnection): Attachment {
    if (role === 'controller') this.#replaceController(attached);
    else this.#followers.add(attached);
    return {
      role,
      hosted: this,
      leave: () => {
        this.#followers.delete(attached);
        if (this.#controller === attached) this.#loseController();
      },
    };
  }

  /** Connections that only read it. */
  get followers(): number {
    return this.#followers.size;
  }

  /** Ends the connections that only read it; used when their tokens are taken back. */
  dismissFollowers(): void {
    for (const follower of this.#followers) follower.dismissed();
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
  /** Gives the role up; may be called more than once. */
  leave(): void;
}

/** A connection, as seen by its session. */
interface AttachedConnection {
  /** Called when another connection takes control of the session. */
  replaced(): void;
  /** Called when the connection may no longer read the session. */
  dismissed(): void;
}
