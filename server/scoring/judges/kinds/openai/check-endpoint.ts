import { DuetError } from '../../../../errors.js';
import { officialUrl, type JudgeSettings } from '../../asking/judge-settings.js';
import { publicParameters, shownUrl } from './endpoint-fault.js';

/** Refuses an address that is none, or that holds a secret, before anything is read. Shows no secret. */
export function checkAddress({ url }: Pick<JudgeSettings, 'url'>): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const message =
      `--judge-url ${JSON.stringify(shownUrl(url))} is no web address; ` +
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

/** Refuses to ask the official service without a key; what is known or only estimated needs none. */
export function checkKey({ url, apiKey }: JudgeSettings): void {
  if (apiKey !== null || shownUrl(url) !== officialUrl) return;
  const remedy = 'set OPENAI_API_KEY, give --judge-key-file, or name a server of your own with --judge-url';
  throw new DuetError('unauthorized', `the judge at ${officialUrl} needs a key; ${remedy}`);
}
