import OpenAI from 'openai';
import { DuetError } from '../../../../errors.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { normalising, type Fetch } from './normalise-response.js';

/** The official client, fully configured so that it reads no environment variables. */
export function openClient(settings: JudgeSettings): OpenAI {
  const { apiKey, timeoutMs } = settings;
  const { origin, pathname, searchParams } = new URL(settings.url);
  const isCompletion = (url: string) => new URL(url).pathname.endsWith('/chat/completions');
  const whole = fetchWhole((url) => ({
    largestBytes: isCompletion(url) ? largestCompletion : largestFile,
    stallMs: timeoutMs,
  }));
  return new OpenAI({
    // The client appends paths to it, so the query is passed separately.
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
    fetch: normalising(whole, isCompletion),
    logLevel: 'off',
  });
}

/** Milliseconds that uploading or downloading a batch file may take, as long as data keeps moving. */
export const fileTransferMs = 3_600_000;

/** Most bytes of one completion, and of one batch file. */
const largestCompletion = 8 * 2 ** 20;
const largestFile = 2 ** 30;

/** Azure takes its keys in a header of its own, and tokens in the usual one; a gateway may accept either. */
function keyHeaders({ url, apiKey }: JudgeSettings): Record<string, string | null> {
  if (apiKey === null) return { Authorization: null };
  const { hostname, searchParams } = new URL(url);
  const isAzure = /\.(?:azure\.(?:com|us|cn)|azure-api\.net)$/.test(hostname);
  const isToken = /^eyJ[\w-]*\./.test(apiKey);
  if (isToken || !(isAzure || searchParams.has('api-version'))) return {};
  return isAzure ? { Authorization: null, 'api-key': apiKey } : { 'api-key': apiKey };
}

/**
 * A fetch that returns a response once its body is complete. The client's timeout covers only the headers, so
 * a stalled body would block forever; with whole responses, timeout and retries cover the body too. Redirects
 * are not followed, so a key is sent only to the given address.
 */
function fetchWhole(boundsOf: (url: string) => ResponseBounds): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, statusText, headers } = response;
    const body = response.body === null ? null : await readWhole(response.body, boundsOf(url));
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  };
}

/** Bounds of one response. */
interface ResponseBounds {
  /** Bytes of the body, unpacked. */
  readonly largestBytes: number;
  /** Most milliseconds between two chunks of the body. */
  readonly stallMs: number;
}

async function readWhole(
  body: ReadableStream<Uint8Array>,
  bounds: ResponseBounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await withinMs(bounds.stallMs, reader.read());
      if (done) return joined(chunks, length);
      length += value.length;
      if (length > bounds.largestBytes) throw tooLarge(bounds);
      chunks.push(value);
    }
  } catch (thrown) {
    await reader.cancel().catch(() => undefined);
    throw thrown;
  }
}

async function withinMs<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // The client recognises a timeout by this message.
    timer = setTimeout(() => {
      reject(new Error('the body of the answer timed out'));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

function tooLarge({ largestBytes }: ResponseBounds): DuetError {
  return new DuetError('too_large', `its answer is larger than ${Math.round(largestBytes / 2 ** 20)} MiB`);
}

/** Statuses that forbid a body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
