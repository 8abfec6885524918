import type OpenAI from 'openai';
import { readWhole, type BodyBounds } from '../../../../endpoint/bounded-body.js';
import { endpointClient } from '../../../../endpoint/endpoint-client.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { normalising, type Fetch } from './normalise-response.js';

/** The official client, fully configured so that it reads no environment variables. */
export function openClient(settings: JudgeSettings): OpenAI {
  const { url, apiKey, timeoutMs, retries } = settings;
  const isCompletion = (asked: string) => new URL(asked).pathname.endsWith('/chat/completions');
  const whole = fetchWhole((asked) => ({
    largestBytes: isCompletion(asked) ? largestCompletion : largestFile,
    stallMs: timeoutMs,
  }));
  return endpointClient(url, apiKey, {
    maxRetries: retries,
    timeout: timeoutMs,
    fetch: normalising(whole, isCompletion),
  });
}

/** Milliseconds that uploading or downloading a batch file may take, as long as data keeps moving. */
export const fileTransferMs = 3_600_000;

/** Most bytes of one completion, and of one batch file. */
const largestCompletion = 8 * 2 ** 20;
const largestFile = 2 ** 30;

/**
 * A fetch that returns a response once its body is complete. The client's timeout covers only the headers, so
 * a stalled body would block forever; with whole responses, timeout and retries cover the body too. Redirects
 * are not followed, so a key is sent only to the given address.
 */
function fetchWhole(boundsOf: (url: string) => BodyBounds): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, statusText, headers } = response;
    const body = response.body === null ? null : await readWhole(response.body, boundsOf(url));
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  };
}

/** Statuses that forbid a body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
