import type OpenAI from 'openai';
import { boundedChunks, readWhole } from '../../../endpoint/bounded-body.js';
import { endpointClient } from '../../../endpoint/endpoint-client.js';
import { DuetError } from '../../../errors.js';
import { errorInside, statusFailure, type AskedEngine } from './engine-failure.js';

/**
 * A client whose answers are bounded in bytes and in waiting, which follows no redirection and repeats
 * nothing.
 */
export function boundedClient(name: AskedEngine): OpenAI {
  return endpointClient(name.url, name.key, {
    // Every attempt is paid for, so they are counted by the engine.
    maxRetries: 0,
    fetch: (input, init) => fetchBounded(name, input, init),
  });
}

/** Most bytes of one answer: a stream of the longest reply has a few hundred bytes a token. */
const largestAnswer = 4 * 2 ** 20;

/** Most milliseconds between two chunks of an answer. */
const stallMs = 30_000;

/** Most bytes that are read of an error. */
const largestError = 65_536;

async function fetchBounded(
  name: AskedEngine,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: 'manual' });
  const { ok, status, headers, body } = response;
  if (!ok) {
    const bounds = { largestBytes: largestError, stallMs };
    const text = body === null ? '' : Buffer.from(await readWhole(body, bounds)).toString('utf8');
    throw statusFailure(response, text, name);
  }
  if (body === null) return response;
  const type = headers.get('content-type') ?? 'application/json';
  const bounds = { largestBytes: largestAnswer, stallMs };
  if (asksForStream(init) && !type.includes('event-stream')) {
    throw unstreamed(name, Buffer.from(await readWhole(body, bounds)).toString('utf8'));
  }
  const chunks = boundedChunks(body, bounds);
  return new Response(streamOf(chunks), { status, headers: { 'content-type': type } });
}

function streamOf(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await chunks.return();
    },
  });
}

function asksForStream(init: RequestInit | undefined): boolean {
  return typeof init?.body === 'string' && init.body.includes('"stream":true');
}

/** The error of an answer that came whole instead of as a stream. */
function unstreamed(name: AskedEngine, text: string): DuetError {
  const error = errorInside(parsedOrNull(text), name);
  return (
    error ?? new DuetError('unsupported', `the model ${name.model} at ${name.url} does not stream its chat`)
  );
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
