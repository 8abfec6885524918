import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

import { DuetError, toDuetError } from '../../../../errors.js';
import { isPublicAddress } from './public-address.js';
import { allowedAddresses, pinned } from './resolve-address.js';
import type { ResolveRules } from './resolve-address.js';
import { SignIns } from './sign-in.js';

/** What may be fetched, and how long that may take. */
export interface FetchRules extends ResolveRules {
  /** Milliseconds until an answer must have begun, redirects included; default 15 s. */
  readonly answerWithinMs?: number;
  /**
   * What is remembered of users and of how servers want them to sign in; default only what this address
   * names.
   */
  readonly signIns?: SignIns | undefined;
}

/** An answer whose body was not read yet. */
export interface Answer {
  /** Where it came from in the end. */
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** Whether the last request carried a user name and password; default false. */
  readonly signedIn?: boolean;
}

const maxRedirects = 10;
const maxHeaderBytes = 64 * 1024;

/**
 * Fetches an http(s) address and follows its redirects. Each hop is resolved here, every address found is
 * checked, and the connection goes to one that passed: a name that resolves otherwise the next moment changes
 * nothing.
 *
 * @param range the `Range` header to be sent, if any.
 * @throws DuetError 'source_failed' with one text for all that must not be reached, whether something listens
 * there or not; 'source_failed' or 'not_found' with what went wrong; what aborted the signal.
 */
export async function fetchAddress(
  address: URL,
  rules: FetchRules,
  signal: AbortSignal,
  range?: string,
): Promise<Answer> {
  const limit = rules.answerWithinMs ?? 15_000;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort(failed(rules, `does not answer within ${Math.round(limit / 1000)} seconds`));
  }, limit);
  const onAbort = () => {
    stop.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await follow(address, rules, stop.signal, range);
  } catch (thrown) {
    throw stop.signal.aborted ? (stop.signal.reason as unknown) : thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function follow(
  address: URL,
  rules: FetchRules,
  signal: AbortSignal,
  range: string | undefined,
): Promise<Answer> {
  let url = address;
  const signIns = rules.signIns ?? new SignIns();
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await signInAndAsk(url, { ...rules, signIns }, signal, range);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    answer.body.destroy();
    if (location === undefined) {
      throw failed(rules, `cannot be fetched: its server answered ${answer.status}, but not where to go`);
    }
    url = redirected(url, location, rules);
  }
  throw failed(rules, `leads from one address to the next more than ${maxRedirects} times`);
}

function redirected(from: URL, location: string, rules: FetchRules): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to === undefined || !isHttp(to)) {
    throw failed(rules, 'leads to an address of a kind that is not accepted; only http(s) is');
  }
  return to;
}

/** Whether an address is one that is fetched at all. */
export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Asks, and asks again with what a server wants to know of who asks. */
async function signInAndAsk(
  url: URL,
  rules: FetchRules & { readonly signIns: SignIns },
  signal: AbortSignal,
  range: string | undefined,
): Promise<Answer> {
  const signIn = rules.signIns.of(url);
  const target = url.pathname + url.search;
  let authorization = signIn?.authorization(target);
  for (let answered = 0; ; answered += 1) {
    const answer = await ask(url, { range, authorization }, rules, signal);
    const { 'www-authenticate': wanted, 'authentication-info': info } = answer.headers;
    if (answer.status < 400) signIn?.renew(typeof info === 'string' ? info : undefined);
    const more =
      answer.status === 401 && signIn?.take(wanted, answered) ? signIn.authorization(target) : undefined;
    if (more === undefined || more === authorization) {
      return { ...answer, signedIn: authorization !== undefined };
    }
    answer.body.destroy();
    authorization = more;
  }
}

async function ask(
  url: URL,
  { range, authorization }: { range: string | undefined; authorization: string | undefined },
  rules: FetchRules,
  signal: AbortSignal,
): Promise<Answer> {
  const addresses = await unlessAborted(allowedAddresses(url, rules), signal);
  const secure = url.protocol === 'https:';
  const options = {
    method: 'GET',
    headers: {
      ...{ 'user-agent': 'Duet', accept: '*/*', 'accept-encoding': 'identity' },
      ...(range !== undefined && { range }),
      ...(authorization !== undefined && { authorization }),
    },
    lookup: pinned(addresses),
    agent: false as const,
    maxHeaderSize: maxHeaderBytes,
    // Cameras speak a rough HTTP. What they say is read here and passed on to nobody.
    insecureHTTPParser: true,
    // Cameras also sign their own certificates; on the open internet only trusted ones are accepted.
    rejectUnauthorized: addresses.every(({ address }) => isPublicAddress(address)),
  };
  const body = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = (secure ? httpsRequest : httpRequest)(withoutUser(url), options, resolve);
    const onAbort = () => sent.destroy();
    signal.addEventListener('abort', onAbort, { once: true });
    sent.once('close', () => {
      signal.removeEventListener('abort', onAbort);
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      reject(failed(rules, `cannot be fetched: ${describe(error)}`, error));
    });
    sent.end();
  });
  // An answer that breaks off while nobody reads must not end the process; the reader learns of it all the
  // same.
  body.on('error', () => undefined);
  return { url, status: body.statusCode ?? 0, headers: body.headers, body };
}

/** The system's resolver cannot be stopped; it is left behind. */
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

function failed({ name }: FetchRules, what: string, cause?: unknown): DuetError {
  return new DuetError('source_failed', `${name} ${what}`, { cause });
}

/** What a network error means, without the numbers in it, which may be those of a private network. */
function describe(error: NodeJS.ErrnoException): string {
  switch (error.code ?? '') {
    case 'ECONNREFUSED':
      return 'the connection was refused; is its server running?';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'its server closed the connection';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'its server cannot be reached';
    case 'HPE_HEADER_OVERFLOW':
      return `its server sends more than ${maxHeaderBytes / 1024} KiB of headers`;
    case 'CERT_HAS_EXPIRED':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is not valid (${error.code})`;
    default:
      return error.code?.startsWith('HPE_') === true
        ? 'its server does not answer in HTTP'
        : `the connection failed (${error.code ?? error.message})`;
  }
}
