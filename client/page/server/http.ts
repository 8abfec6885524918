import { DuetClientError, type ClientErrorCode } from '../../sdk/client-error.js';

/** Address of something on the server that this page came from, whatever path the page lives under. */
export function httpAddress(path: string): string {
  return new URL(path.replace(/^\//, './'), document.baseURI).href;
}

/** Address of the WebSocket of the server that this page came from. */
export function socketAddress(): string {
  const url = new URL('./v1/duet', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/**
 * The list that the server keeps at an address, as `{"data": [...]}`; throws `DuetClientError` when it
 * refuses.
 */
export async function listAt(path: string): Promise<readonly unknown[]> {
  return listed(await jsonAt(path));
}

/** What the server answers at an address; throws `DuetClientError` when it refuses. */
export async function jsonAt(path: string, method: 'GET' | 'DELETE' = 'GET'): Promise<unknown> {
  const response = await fetch(httpAddress(path), { method });
  const text = await response.text();
  if (!response.ok) throw httpRefusal(response.status, text);
  return parsed(text);
}

/** The entries of an answer such as `{"data": [...]}`. */
export function listed(answer: unknown): readonly unknown[] {
  const data = field(answer, 'data');
  return Array.isArray(data) ? data.map((one: unknown) => one) : [];
}

/**
 * Reads `{"error": {"code", "message"}}`, the way the server refuses an HTTP request; names the status when
 * the answer is something else.
 */
export function httpRefusal(status: number, text: string): DuetClientError {
  const error = field(parsed(text), 'error');
  const message = field(error, 'message');
  const code = field(error, 'code');
  const known = knownCodes.find((one) => one === code) ?? 'internal';
  const said =
    typeof message === 'string' ? message : `The server answered with status ${status}: see its log`;
  return new DuetClientError(known, said, { retryable: known === 'busy' || status >= 500 });
}

/** Errors of the HTTP side whose code says more than their status. */
const knownCodes: readonly ClientErrorCode[] = [
  'too_large',
  'unsupported',
  'busy',
  'storage_full',
  'unauthorized',
  'not_found',
  'invalid_request',
];

/** A field of a value that may be anything; undefined if it has none of that name. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** What a text says as JSON; undefined if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
