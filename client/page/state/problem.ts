import { lengthText } from '../../common/clock-text.js';
import type { ClientErrorCode, DuetClientError } from '../../sdk/client-error.js';
import type { Problem } from './view.js';

/** What each error means to the user; the message itself has the details and the remedy. */
const headings: Record<ClientErrorCode, string> = {
  invalid_message: 'The server did not understand the page',
  invalid_request: 'The server refused that',
  not_found: 'That is not there any more',
  too_large: 'That is too large',
  unauthorized: 'The server does not let this page in',
  busy: 'The server is busy',
  storage_full: 'There is no room on the server',
  source_failed: 'The video cannot be read',
  model_failed: 'The model failed',
  unsupported: 'That is not supported here',
  context_full: 'The memory of the model is full',
  budget_spent: 'The budget of the model is spent',
  refused: 'The model refused to answer',
  cancelled: 'That was cancelled',
  internal: 'Something went wrong on the server',
  connection_failed: 'No connection to the server',
  connection_lost: 'The connection is lost',
  closed: 'The session is over',
  too_slow: 'This page cannot keep up',
};

const startAgain = 'What was said stays here until you start again.';

/** It is waited for. */
export const serverStopped = ending(
  'The server was stopped',
  'Once it is back, the session goes on, if the server keeps records. ',
);

/** It is back, and does not go on by itself with a video that was stopped. */
export const serverBack = ending(
  'The server was stopped',
  'It is back; the video was not played to its end. ',
);

/** Reasons of `session.closed` that the user did not ask for. */
const endings: Readonly<Record<string, Problem>> = {
  server_shutdown: serverStopped,
  model_failed: ending('The model failed'),
  internal: ending('Something went wrong on the server'),
  idle: ending('The server closed the session', 'Nothing was played and nobody spoke for a while. '),
};

function ending(what: string, why = ''): Problem {
  return { what, remedy: `${why}${startAgain}`, retry: true };
}

/** A problem in words: a heading for the code, the message as the remedy. */
export function problemOf(error: {
  readonly code: ClientErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly retry_after_ms?: number;
}): Problem {
  const hint = error.retry_after_ms === undefined ? '' : hintText(error.retry_after_ms);
  return { what: headings[error.code], remedy: `${error.message}${hint}`, retry: error.retryable };
}

function hintText(retryAfterMs: number): string {
  return ` A place may be free in ${lengthText(Math.max(1, retryAfterMs / 1000))}.`;
}

/** Why a session has ended that the user did not close. */
export function problemOfEnd(reason: string): Problem {
  return endings[reason] ?? ending(`The session has ended (${reason})`);
}

/** The close code that says so. */
const resumedElsewhere = 4001;

const goesOnElsewhere: Problem = {
  what: 'The session goes on in another tab',
  remedy: 'Only one page controls it at a time: open it here again from the list of sessions.',
  retry: false,
};

/** A session that could not be taken up again: the server no longer knows it, or is out of reach. */
export function problemOfLoss(thrown: unknown): Problem {
  if (!isClientError(thrown)) return problemOfThrown(thrown);
  if (thrown.message.includes(`code ${resumedElsewhere}`)) return goesOnElsewhere;
  if (thrown.code !== 'not_found') return problemOfThrown(thrown);
  const why = 'It was restarted, or was out of reach for too long.';
  return { what: 'The server no longer has this session', remedy: `${why} ${startAgain}`, retry: true };
}

/** The same for whatever was thrown. */
export function problemOfThrown(thrown: unknown): Problem {
  if (isClientError(thrown)) return problemOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { what: 'Something went wrong in this page', remedy: message, retry: true };
}

/** Why the browser gives no webcam or screen. */
export function problemOfFilming(what: string, thrown: unknown): Problem {
  const { name = '', message = String(thrown) } = thrown instanceof Error ? thrown : {};
  const remedies: Readonly<Record<string, string>> = {
    NotAllowedError: `The browser was not allowed to: allow it for this page, and press ${what} again.`,
    NotFoundError: 'This machine has none, or none that is plugged in.',
    NotReadableError: 'Another program uses it: close that one, and try again.',
  };
  return { what: `The ${what} cannot be watched`, remedy: remedies[name] ?? message, retry: false };
}

function isClientError(thrown: unknown): thrown is DuetClientError {
  return thrown instanceof Error && thrown.name === 'DuetClientError';
}
