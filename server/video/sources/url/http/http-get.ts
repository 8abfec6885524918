import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

import { DuetError, toDuetError } from '../../../../errors.js';
import { describeNetworkError, maxHeaderBytes, mayMendItself } from './network-errors.js';
import { isPublicAddress } from './public-address.js';
import { allowedAddresses, pinnedLookup } from './resolve-address.js';
import type { ResolveRules } from './resolve-address.js';

/**
 * Sends one request and resolves when the headers of the response have arrived. It connects to an address
 * that was resolved and checked before, even if the name resolves differently by now.
 *
 * @throws DuetError 'source_failed' saying what went wrong; the signal's reason when it is aborted.
 */
export async function httpGet(
  url: URL,
  { range, authorization }: { range: string | undefined; authorization: string | undefined },
  rules: ResolveRules,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const addresses = await unlessAborted(allowedAddresses(url, rules), signal);
  const { isPublic = isPublicAddress } = rules;
  const secure = url.protocol === 'https:';
  const options = {
    method: 'GET',
    headers: {
      ...{ 'user-agent': 'Duet', accept: '*/*', 'accept-encoding': 'identity' },
      ...(range !== undefined && { range }),
      ...(authorization !== undefined && { authorization }),
    },
    lookup: pinnedLookup(addresses),
    agent: false as const,
    maxHeaderSize: maxHeaderBytes,
    // Cameras break HTTP's rules. The lenient parser is safe because nothing it reads is forwarded as HTTP.
    insecureHTTPParser: true,
    // Cameras also sign their own certificates; on the public internet only trusted ones are accepted.
    rejectUnauthorized: addresses.every(({ address }) => isPublic(address)),
  };
  const body = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(withoutUser(url), options, resolve);
    const onAbort = () => sent.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    sent.once('close', () => {
      signal.removeEventListener('abort', onAbort);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(fetchFailed(rules, `cannot be fetched: ${describeNetworkError(error)}`, error));
    });
    sent.end();
  });
  // A response that breaks while nobody reads must not crash the process; the reader still gets the error.
  body.on('error', () => undefined);
  return { url, status: body.statusCode ?? 0, headers: body.headers, body };
}

/** A response whose body has not been read yet. */
export interface HttpAnswer {
  /** The final address, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Whether the last request carried a user name and password; default false. */
  readonly signedIn?: boolean;
}

/** The system's resolver cannot be cancelled; its result is ignored. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(toDuetError(signal.reason));
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function withoutUser(url: URL): URL {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy;
}

/**
 * The error for an address that cannot be fetched. A network may be back later; what a server says instead of
 * a video will not change.
 */
export function fetchFailed({ name }: Pick<ResolveRules, 'name'>, what: string, cause?: unknown): DuetError {
  return new DuetError('source_failed', `${name} ${what}`, { cause, retryable: mayMendItself(cause) });
}
