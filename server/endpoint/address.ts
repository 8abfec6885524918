import { DuetError } from '../errors.js';

/**
 * Throws 'invalid_request' for an address that is none, or that holds a secret, without showing the secret.
 * `named` is what the user calls it, such as `--judge-url`; `keyPlace` is where a key belongs.
 */
export function requireAddress(url: string, { named, keyPlace }: AddressNames): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const message =
      `${named} ${JSON.stringify(shownUrl(url))} is not a web address; ` +
      'give one such as http://127.0.0.1:8000/v1';
    throw new DuetError('invalid_request', message);
  }
  const { username, password, searchParams, hash } = new URL(url);
  const others = [...searchParams.keys()].filter((name) => !publicParameters.includes(name));
  if (`${username}${password}${hash}` === '' && others.length === 0) return;
  const message =
    `${named} ${shownUrl(url)} has a user name, a password, something after # or a parameter ` +
    `other than ${publicParameters.join(', ')}; leave it out, and ${keyPlace}`;
  throw new DuetError('invalid_request', message);
}

/** How messages speak of an address. */
interface AddressNames {
  readonly named: string;
  readonly keyPlace: string;
}

/** An address without user name, password and possible secrets in its query. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/^.*@/s, '').replace(/[?#].*$/s, '');
  const { protocol, host, pathname, searchParams } = new URL(url);
  const shown = new URLSearchParams([...searchParams].filter(([name]) => publicParameters.includes(name)));
  const query = shown.size === 0 ? '' : `?${shown.toString()}`;
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}${query}`;
}

/** Query parameters that belong to the address and are not secret. */
const publicParameters: readonly string[] = ['api-version', 'api_version'];

/**
 * The headers that carry a key; null for none takes the client's own away. Azure takes its keys in a header
 * of its own, and tokens in the usual one; a gateway may accept either.
 */
export function keyHeaders(url: string, key: string | null): Record<string, string | null> {
  if (key === null) return { Authorization: null };
  const { hostname, searchParams } = new URL(url);
  const isAzure = /\.(?:azure\.(?:com|us|cn)|azure-api\.net)$/.test(hostname);
  const isToken = /^eyJ[\w-]*\./.test(key);
  if (isToken || !(isAzure || searchParams.has('api-version'))) return {};
  return isAzure ? { Authorization: null, 'api-key': key } : { 'api-key': key };
}
