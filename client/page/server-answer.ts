import { httpAddress } from './server-address.js';
import { DuetClientError, type ClientErrorCode } from '../sdk/client-error.js';

/** Errors of the HTTP side that tell something by their code. */
const knownCodes: readonly ClientErrorCode[] = [
  'too_large',
  'unsupported',
  'busy',
  'storage_full',
  'unauthorized',
  'not_found',
  'invalid_request',
];

/**
 * Reads `{"error": {"code", "message"}}`, the way the server refuses an HTTP request; says the status where
 * it is not that.
 */
export function refusalOf(status: number, text: string): DuetClientError {
  const message = field(field(parsed(text), 'error'), 'message');
  const code = field(field(parsed(text), 'error'), 'code');
  const known = knownCodes.find((one) => one === code) ?? 'internal';
  const said =
    typeof message === 'string' ? message : `The server answered with status ${status}: see its log`;
  return new DuetClientError(known, said, { retryable: known === 'busy' || status >= 500 });
}

/**
 * The list that the server keeps at an address, as `{"data": [...]}`; throws `DuetClientError` when it
 * refuses.
 */
export async function listAt(path: string): Promise<readonly unknown[]> {
  const response = await fetch(httpAddress(path));
  if (!response.ok) throw refusalOf(response.status, await response.text());
  const data = field(await response.json(), 'data');
  return Array.isArray(data) ? data.map((one: unknown) => one) : [];
}

/** A field of a value that may be anything; undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** What a text says as JSON; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
