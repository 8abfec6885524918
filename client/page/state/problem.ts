import type { ClientErrorCode, DuetClientError } from '../../sdk/client-error.js';
import type { Problem } from './view.js';

/** What each error means to the person in front of the page; the message itself carries the details and the remedy. */
const headings: Record<ClientErrorCode, string> = {
  invalid_message: 'The server did not understand the page',
  invalid_request: 'The server refused that',
  not_found: 'That is not there any more',
  too_large: 'That is too large',
  unauthorized: 'The server does not let this page in',
  busy: 'The server is busy',
  source_failed: 'The video cannot be read',
  model_failed: 'The model failed',
  unsupported: 'That is not supported here',
  context_full: 'The memory of the model is full',
  cancelled: 'That was cancelled',
  internal: 'Something went wrong on the server',
  connection_failed: 'No connection to the server',
  connection_lost: 'The connection is lost',
  closed: 'The session is over',
  too_slow: 'This page cannot keep up',
};

/** A problem in words: a heading for the code, the message as the remedy. */
export function problemOf(error: {
  readonly code: ClientErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}): Problem {
  return { what: headings[error.code], remedy: error.message, retry: error.retryable };
}

/** The same for whatever was thrown. */
export function problemOfThrown(thrown: unknown): Problem {
  if (isClientError(thrown)) return problemOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { what: 'Something went wrong in this page', remedy: message, retry: true };
}

function isClientError(thrown: unknown): thrown is DuetClientError {
  return thrown instanceof Error && thrown.name === 'DuetClientError';
}
