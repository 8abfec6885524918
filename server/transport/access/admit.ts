import type { IncomingMessage } from 'node:http';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { DuetError } from '../../errors.js';
import { callerOf, refuseCaller, type AccessRules } from './access-rules.js';

/**
 * Lets a request in, over HTTP or for a WebSocket; resolves with whom it acts for.
 * @throws DuetError 'unauthorized' with what would have to change.
 */
export async function admit(request: IncomingMessage, access: Access): Promise<SessionOwner> {
  const refusal = refuseCaller(callerOf(request), access);
  if (refusal !== null) throw new DuetError('unauthorized', refusal);
  return access.authenticate?.(request) ?? null;
}

/** Who may use the server, and in whose name. */
export interface Access extends AccessRules {
  /** Default: there are no accounts, everybody acts as nobody. */
  readonly authenticate?: Authenticate;
}

/**
 * Tells for whom a request acts: what it opens belongs to that owner, and no other owner can use it. Throws
 * 'unauthorized' for those whom the server does not know.
 */
export type Authenticate = (request: IncomingMessage) => SessionOwner | Promise<SessionOwner>;
