import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DuetError, isExhausted, toDuetError, type ErrorCode } from '../../errors.js';
import type { Log } from '../log.js';

/** Answers an error as `{"error": {"code", "message"}}`; internal details are logged, not shown. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return (thrown: unknown, _request, response, next) => {
    const refused = refusedStatus(thrown);
    const error = refused === undefined ? recognise(thrown) : refusal(refused, thrown);
    if (error.code === 'internal' || isExhausted(error.cause)) log('An HTTP request failed', thrown);
    if (response.headersSent) {
      next(thrown);
      return;
    }
    sendError(response, error, refused);
  };
}

/** The HTTP status of every error code. */
export const statusOf: Record<ErrorCode, number> = {
  invalid_message: 400,
  invalid_request: 400,
  not_found: 404,
  too_large: 413,
  unauthorized: 403,
  busy: 503,
  storage_full: 507,
  source_failed: 422,
  model_failed: 500,
  unsupported: 415,
  context_full: 409,
  budget_spent: 402,
  refused: 422,
  cancelled: 499,
  internal: 500,
};

/** Answers requests that no route has handled. */
export const answerNotFound: RequestHandler = (request) => {
  throw new DuetError('not_found', `There is nothing at ${request.method} ${request.path}`);
};

/** Writes one error as JSON. */
function sendError(response: Response, error: DuetError, status = statusOf[error.code]): void {
  if (error.retryAfterMs !== null) setRetryAfter(response, error.retryAfterMs);
  for (const name of ofWhatFailed) response.removeHeader(name);
  response.status(status).json({ error: { code: error.code, message: shownMessage(error) } });
}

/** Headers that may be there already, and are true only of what was to be sent. */
const ofWhatFailed = ['Accept-Ranges', 'Cache-Control', 'Content-Type', 'ETag', 'Last-Modified'];

/** What a client is told about an error; the details of internal errors go only to the log. */
export function shownMessage({ code, message }: DuetError): string {
  return code === 'internal' ? 'Something failed inside the server; its log says what' : message;
}

/** Sets the `Retry-After` header. */
export function setRetryAfter(response: ServerResponse, retryAfterMs: number): void {
  response.setHeader('Retry-After', retryAfter(retryAfterMs));
}

/** The value of HTTP's `Retry-After`, in whole seconds. */
export function retryAfter(retryAfterMs: number): string {
  return String(Math.ceil(retryAfterMs / 1000));
}

const httpError = z.object({ status: z.int().min(400).max(499) });

/** Recognises errors from Express and Node, including those for a client that disconnected. */
const goneClient = z.object({
  code: z.string().regex(/^(ECONNABORTED|ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/),
});

function recognise(thrown: unknown): DuetError {
  if (goneClient.safeParse(thrown).success)
    return new DuetError('cancelled', 'The client went away', { cause: thrown });
  return toDuetError(thrown);
}

/** The status with which Express refuses a request, which clients act upon; undefined for other errors. */
function refusedStatus(thrown: unknown): number | undefined {
  return goneClient.safeParse(thrown).success ? undefined : httpError.safeParse(thrown).data?.status;
}

function refusal(status: number, cause: unknown): DuetError {
  const code = status === 404 ? 'not_found' : 'invalid_request';
  return new DuetError(code, refusals[status] ?? `The request was refused with status ${status}`, { cause });
}

const refusals: Readonly<Record<number, string>> = {
  400: 'The address cannot be read: write a percent sign in it as %25',
  412: 'The file is another than the request names: leave out its conditions',
  416: 'The file has no such part: ask for one that begins before its end',
};
