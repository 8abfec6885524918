import { isCompletion, readAnswerBody, readCompletion } from './completion.js';
import { waitOf } from '../../../../endpoint/failure-words.js';
import { refusalOf } from '../../../../endpoint/refusal.js';
import { readServiceError, type ServiceError } from '../../../../endpoint/service-error.js';

/**
 * A fetch that normalises the status and the errors of answers, so that the client retries exactly what may
 * succeed later. Services put errors into 200 responses or omit the choices; some stream without being asked.
 * `reads` says which addresses answer with completions.
 */
export function normalising(fetch: Fetch, reads: (url: string) => boolean): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(input, init);
    if (response.ok) return reads(url) ? completionResponse(response) : response;
    const text = await response.text();
    const error = readServiceError(readAnswerBody(text)) ?? asText(response, text);
    return failure(response, response.status, error);
  };
}

/** The fetch function of the client. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Error code of an answer that is not a completion. */
export const noCompletion = 'no_completion';

/** Error code of a completion without a reply, such as `choices: []`. */
export const noReply = 'no_reply';

/** Longest wait a service may ask for, in seconds; beyond it the run ends with an error. */
const longestWait = 600;

async function completionResponse(response: Response): Promise<Response> {
  const text = await response.text();
  const answer = readAnswerBody(text);
  const error = readServiceError(answer);
  if (error !== null) return failure(response, error.status ?? statusOfWords(error.words), error);
  if (readCompletion(answer) !== null) return withJson(response, 200, answer);
  if (isCompletion(answer)) return failure(response, 502, emptyCompletion, noReply);
  const shown = text
    .replaceAll(/<[^<>]{0,400}>|\s+/g, ' ')
    .trim()
    .slice(0, 120);
  const message = shown === '' ? 'an empty answer' : shown;
  return failure(response, 502, { message, words: noCompletion, status: null }, noCompletion);
}

const emptyCompletion: ServiceError = {
  message: 'a completion without a text',
  words: noReply,
  status: null,
};

/** Guesses the status of an error from its words; by default one that is retried. */
function statusOfWords(words: string): number {
  if (/rate.?limit|too many requests|overload|quota|qps/i.test(words)) return 429;
  if (/invalid_request|context_length|content_(?:filter|policy)/i.test(words)) return 400;
  return /invalid.{0,20}key|authentication/i.test(words) ? 401 : 502;
}

function failure(
  response: Response,
  status: number,
  { message, words }: ServiceError,
  code?: string,
): Response {
  const lasts = refusalOf(status, words).type !== 'later' || waitOf(response) > longestWait;
  const headers = lasts ? { 'x-should-retry': 'false' } : {};
  return withJson(response, status, { error: { message, code: code ?? null, words } }, headers);
}

function withJson(
  response: Response,
  status: number,
  body: unknown,
  more: Record<string, string> = {},
): Response {
  const headers = new Headers(response.headers);
  for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) headers.delete(name);
  headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return new Response(JSON.stringify(body), { status, headers });
}

/** The text of a page or plain answer, or the target of a redirect. */
function asText({ status, statusText, headers }: Response, text: string): ServiceError {
  const location = headers.get('location');
  const said = text
    .replaceAll(/<(style|script)\b[^]{0,4000}?<\/\1>|<[^<>]{0,400}>|\s+/g, ' ')
    .trim()
    .slice(0, 300);
  const message = status < 400 && location !== null ? location : said === '' ? statusText : said;
  return { message, words: message, status };
}
