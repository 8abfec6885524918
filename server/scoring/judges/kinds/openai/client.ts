import OpenAI from 'openai';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { fetchHonest } from './normalise-response.js';
import { fetchWhole } from './whole-response.js';

/** Milliseconds that sending or fetching a file of a batch may take, as long as something moves. */
export const fileTransferMs = 3_600_000;

/** Bytes of one completion, and of one file of a batch. */
const largestCompletion = 8 * 2 ** 20;
const largestFile = 2 ** 30;

/**
 * The official client, told everything explicitly so that no environment variable is read behind the
 * settings.
 */
export function openClient(settings: JudgeSettings): OpenAI {
  const { apiKey, timeoutMs } = settings;
  const { origin, pathname, searchParams } = new URL(settings.url);
  const isCompletion = (url: string) => new URL(url).pathname.endsWith('/chat/completions');
  const whole = fetchWhole((url) => ({
    largestBytes: isCompletion(url) ? largestCompletion : largestFile,
    stallMs: timeoutMs,
  }));
  return new OpenAI({
    // Paths are appended to it, so that the query goes apart.
    baseURL: `${origin}${pathname.replace(/\/+$/, '')}`,
    defaultQuery: Object.fromEntries(searchParams),
    // The client insists on a key; the header below keeps it from being sent.
    apiKey: apiKey ?? 'none',
    defaultHeaders: keyHeaders(settings),
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: settings.retries,
    timeout: timeoutMs,
    fetch: fetchHonest(whole, isCompletion),
    logLevel: 'off',
  });
}

/**
 * Azure takes its keys in a header of its own and other tokens as usual; a gateway before it may want either.
 */
function keyHeaders({ url, apiKey }: JudgeSettings): Record<string, string | null> {
  if (apiKey === null) return { Authorization: null };
  const { hostname, searchParams } = new URL(url);
  const isAzure = /\.(?:azure\.(?:com|us|cn)|azure-api\.net)$/.test(hostname);
  const isToken = /^eyJ[\w-]*\./.test(apiKey);
  if (isToken || !(isAzure || searchParams.has('api-version'))) return {};
  return isAzure ? { Authorization: null, 'api-key': apiKey } : { 'api-key': apiKey };
}
