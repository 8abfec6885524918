import { DuetError } from '../../../../errors.js';
import { fetchFailed, httpGet } from './http-get.js';
import type { HttpAnswer } from './http-get.js';
import type { ResolveRules } from './resolve-address.js';
import { SignIns } from './sign-in.js';

/**
 * Fetches an http(s) address and follows its redirects. Each hop is resolved here, every address found is
 * checked, and the connection goes to one that passed, so a name that resolves differently a moment later
 * changes nothing.
 *
 * @param range the `Range` header to send, if any.
 * @throws DuetError 'source_failed', with the same text for every forbidden address, whether or not anything
 * listens there; 'source_failed' or 'not_found' saying what went wrong; the signal's reason when it is
 * aborted.
 */
export async function fetchAddress(
  address: URL,
  rules: FetchRules,
  signal: AbortSignal,
  range?: string,
): Promise<HttpAnswer> {
  const limit = rules.answerWithinMs ?? 15_000;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    const message = `${rules.name} does not answer within ${Math.round(limit / 1000)} seconds`;
    stop.abort(new DuetError('source_failed', message, { retryable: true }));
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

/** What may be fetched, and how long it may take. */
export interface FetchRules extends ResolveRules {
  /** Milliseconds until a response must have begun, including redirects; default 15 s. */
  readonly answerWithinMs?: number;
  /** Remembered users and challenges; default only the user in this address. */
  readonly signIns?: SignIns | undefined;
}

const maxRedirects = 10;

async function follow(
  address: URL,
  rules: FetchRules,
  signal: AbortSignal,
  range: string | undefined,
): Promise<HttpAnswer> {
  let url = address;
  const signIns = rules.signIns ?? new SignIns();
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await signInAndAsk(url, { ...rules, signIns }, signal, range);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
    answer.body.destroy();
    if (location === undefined) {
      throw fetchFailed(
        rules,
        `cannot be fetched: its server answered ${answer.status} without saying where to go`,
      );
    }
    url = redirected(url, location, rules);
  }
  throw fetchFailed(rules, `leads from one address to the next more than ${maxRedirects} times`);
}

function redirected(from: URL, location: string, rules: FetchRules): URL {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to === undefined || !isHttp(to)) {
    throw fetchFailed(rules, 'leads to an address of a kind that is not accepted; only http(s) is');
  }
  return to;
}

/** Whether an address has a scheme that is fetched. */
export function isHttp({ protocol }: URL): boolean {
  return protocol === 'http:' || protocol === 'https:';
}

/** Sends the request, and again with credentials if the server asks for them. */
async function signInAndAsk(
  url: URL,
  rules: FetchRules & { readonly signIns: SignIns },
  signal: AbortSignal,
  range: string | undefined,
): Promise<HttpAnswer> {
  const signIn = rules.signIns.of(url);
  const target = url.pathname + url.search;
  let authorization = signIn?.authorization(target);
  for (let answered = 0; ; answered += 1) {
    const answer = await httpGet(url, { range, authorization }, rules, signal);
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
