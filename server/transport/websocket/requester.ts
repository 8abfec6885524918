import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import type { HostedSession, SessionRole } from '../sessions/hosted-session.js';
import type { Outbox } from './outbox.js';
import type { ConnectionServices } from './services.js';

/** The connection that a request comes from, as far as requests need it. */
export interface Requester {
  readonly services: ConnectionServices;
  readonly outbox: Pick<Outbox, 'send'>;
  /** The connection's owner. */
  readonly owner: SessionOwner;
  /** The session that the connection controls; throws 'invalid_request' if there is none. */
  readonly controlled: HostedSession;
  /** Throws 'invalid_request' when the connection has a session already. */
  requireUnattached(): void;
  /** Gives the connection its role in a session, and sends it the session's events after `after`. */
  attach(hosted: HostedSession, role: SessionRole, after: number): void;
  /** Sends the events of a session that is not open, then closes the connection. */
  sendPast(events: AsyncIterable<SessionEvent>): Promise<void>;
  /** Runs work while further messages are read; its failure is reported like that of a message. */
  inBackground(eventId: string | null, work: Promise<void>): void;
}
