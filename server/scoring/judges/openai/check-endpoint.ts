import { DuetError } from '../../../errors.js';
import { officialUrl, type JudgeSettings } from '../judge-settings.js';
import { shownUrl } from './endpoint-fault.js';

/** Refuses settings that cannot work before anything is read or asked. */
export function checkEndpoint({ url, apiKey }: JudgeSettings): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const message = `--judge-url ${JSON.stringify(url)} is no web address; give one such as http://127.0.0.1:8000/v1`;
    throw new DuetError('invalid_request', message);
  }
  if (apiKey === null && shownUrl(url) === officialUrl) {
    const remedy = 'set OPENAI_API_KEY, give --judge-key-file, or name a server of your own with --judge-url';
    throw new DuetError('unauthorized', `the judge at ${officialUrl} needs a key; ${remedy}`);
  }
}
