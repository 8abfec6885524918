import type { ErrorCode } from '../errors.js';
import { maxCloseReasonBytes } from './limits.js';

/**
 * Every way the server closes a WebSocket. `resumable`: `session.resume` works within the grace period.
 * `retryable`: connecting again later can help, possibly with a new session.
 */
export const closings = {
  session_closed: { code: 1000, resumable: false, retryable: false, meaning: 'The session ended as asked' },
  going_away: {
    code: 1001,
    resumable: true,
    retryable: true,
    meaning: 'The server, or a proxy before it, is stopping',
  },
  policy: {
    code: 1008,
    resumable: false,
    retryable: false,
    meaning: 'Not allowed, or too many bad messages',
  },
  too_big: { code: 1009, resumable: true, retryable: false, meaning: 'A message was larger than the limit' },
  internal: { code: 1011, resumable: false, retryable: false, meaning: 'The server or its model failed' },
  try_later: {
    code: 1013,
    resumable: false,
    retryable: true,
    meaning: 'The server has no room for another session',
  },
  reading_too_slowly: {
    code: 4000,
    resumable: true,
    retryable: true,
    meaning: 'Events are piling up: read faster, then resume',
  },
  resumed_elsewhere: {
    code: 4001,
    resumable: false,
    retryable: false,
    meaning: 'Another connection resumed the session',
  },
  no_heartbeat: {
    code: 4002,
    resumable: true,
    retryable: true,
    meaning: 'No sign of life: pings went unanswered',
  },
  idle: {
    code: 4003,
    resumable: false,
    retryable: true,
    meaning: 'Idle: no session was opened, or nothing was watched or said, for too long',
  },
  too_fast: {
    code: 4004,
    resumable: true,
    retryable: true,
    meaning: 'Too many messages or bytes: send less, then resume',
  },
} as const satisfies Record<
  string,
  { code: number; resumable: boolean; retryable: boolean; meaning: string }
>;

export type Closing = keyof typeof closings;

/** How each error closes the connection; null if it stays open. */
export const closingOf: Record<ErrorCode, Closing | null> = {
  invalid_message: null,
  invalid_request: null,
  not_found: null,
  too_large: null,
  unauthorized: 'policy',
  busy: 'try_later',
  storage_full: null,
  source_failed: null,
  model_failed: 'internal',
  unsupported: null,
  context_full: null,
  budget_spent: null,
  refused: null,
  cancelled: null,
  internal: 'internal',
};

/** A reason that fits into a close frame: cut at a character boundary to at most 123 bytes of UTF-8. */
export function closeReason(text: string): string {
  const encoder = new TextEncoder();
  let reason = '';
  let bytes = 0;
  for (const character of text) {
    bytes += encoder.encode(character).byteLength;
    if (bytes > maxCloseReasonBytes) break;
    reason += character;
  }
  return reason;
}
