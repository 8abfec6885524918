import type { IncomingMessage } from 'node:http';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { DuetError } from '../../errors.js';
import { callerOf, refusalReason, type AccessRules } from './access-rules.js';

/**
 * Admits an HTTP or WebSocket upgrade request and resolves with its owner.
 * @throws DuetError 'unauthorized' saying what would have to change.
 */
export async function admit(request: IncomingMessage, access: Access): Promise<SessionOwner> {
  const refusal = refusalReason(callerOf(request), access);
  if (refusal !== null) throw new DuetError('unauthorized', refusal);
  return access.authenticate?.(request) ?? null;
}

/** Who may use the server, and how requests are authenticated. */
export interface Access extends AccessRules {
  /** Default: no accounts; every request has the owner null. */
  readonly authenticate?: Authenticate;
}

/**
 * Returns the owner of a request: what it opens belongs to that owner, and no other owner can use it. Throws
 * 'unauthorized' for an unknown caller.
 */
export type Authenticate = (request: IncomingMessage) => SessionOwner | Promise<SessionOwner>;
