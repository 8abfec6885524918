import OpenAI, { type ClientOptions } from 'openai';
import { keyHeaders } from './address.js';

/**
 * The official client of an address, configured so that it reads no environment variables and logs nothing.
 * What bounds its answers, and keeps it from following redirects with a key, is the `fetch` among the
 * options.
 */
export function endpointClient(url: string, key: string | null, options: EndpointOptions): OpenAI {
  const { origin, pathname, searchParams } = new URL(url);
  return new OpenAI({
    // The client appends paths to it, so the query is passed separately.
    baseURL: `${origin}${pathname.replace(/\/+$/, '')}`,
    defaultQuery: Object.fromEntries(searchParams),
    // The client insists on a key; the header below keeps it from being sent.
    apiKey: key ?? 'none',
    defaultHeaders: keyHeaders(url, key),
    ...{ adminAPIKey: null, organization: null, project: null, webhookSecret: null },
    logLevel: 'off',
    ...options,
  });
}

/** How often it repeats a request, how long it waits in milliseconds, and how it fetches. */
type EndpointOptions = Required<Pick<ClientOptions, 'maxRetries' | 'fetch'>> & Pick<ClientOptions, 'timeout'>;
