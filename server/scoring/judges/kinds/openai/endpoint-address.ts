import { requireAddress, shownUrl } from '../../../../endpoint/address.js';
import { DuetError } from '../../../../errors.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { officialUrl } from '../../judging-plan.js';

/** Throws for an invalid address, or one that holds a secret, without showing the secret. */
export function checkAddress({ url }: Pick<JudgeSettings, 'url'>): void {
  requireAddress(url, { named: '--judge-url', keyPlace: 'give a key with --judge-key-file' });
}

/** Throws if the official service would be asked without a key. Cached replies and estimates need none. */
export function checkKey({ url, apiKey }: JudgeSettings): void {
  if (apiKey !== null || shownUrl(url) !== officialUrl) return;
  const remedy = 'set OPENAI_API_KEY, give --judge-key-file, or name a server of your own with --judge-url';
  throw new DuetError('unauthorized', `the judge at ${officialUrl} needs a key; ${remedy}`);
}
