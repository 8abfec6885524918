import { DuetError } from '../../../../errors.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { officialUrl } from '../../judging-plan.js';

/** Throws for an invalid address, or one that holds a secret, without showing the secret. */
export function checkAddress({ url }: Pick<JudgeSettings, 'url'>): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const message =
      `--judge-url ${JSON.stringify(shownUrl(url))} is not a web address; ` +
      'give one such as http://127.0.0.1:8000/v1';
    throw new DuetError('invalid_request', message);
  }
  const { username, password, searchParams, hash } = new URL(url);
  const others = [...searchParams.keys()].filter((name) => !publicParameters.includes(name));
  if (`${username}${password}${hash}` === '' && others.length === 0) return;
  const message =
    `--judge-url ${shownUrl(url)} has a user name, a password, something after # or a parameter ` +
    `other than ${publicParameters.join(', ')}; leave it out, and give a key with --judge-key-file`;
  throw new DuetError('invalid_request', message);
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

/** Throws if the official service would be asked without a key. Cached replies and estimates need none. */
export function checkKey({ url, apiKey }: JudgeSettings): void {
  if (apiKey !== null || shownUrl(url) !== officialUrl) return;
  const remedy = 'set OPENAI_API_KEY, give --judge-key-file, or name a server of your own with --judge-url';
  throw new DuetError('unauthorized', `the judge at ${officialUrl} needs a key; ${remedy}`);
}
