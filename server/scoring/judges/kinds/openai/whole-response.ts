import { DuetError } from '../../../../errors.js';

/** The function by which the client reaches a service. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Bounds of one answer. */
export interface AnswerBounds {
  /** Bytes of the body, unpacked. */
  readonly largestBytes: number;
  /** Milliseconds between two pieces of the body. */
  readonly stallMs: number;
}

/**
 * A fetch that returns a response once its body is complete. The client's time-out ends at the headers, so a
 * body that stalls would hold it for ever; with whole responses its time-out and retries cover the body too.
 * Redirections are not followed: a key is sent to no address that was not named.
 */
export function fetchWhole(boundsOf: (url: string) => AnswerBounds, fetch: Fetch = globalThis.fetch): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const response = await fetch(input, { ...init, redirect: 'manual' });
    const { status, statusText, headers } = response;
    const body = response.body === null ? null : await readWhole(response.body, boundsOf(url));
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  };
}

async function readWhole(
  body: ReadableStream<Uint8Array>,
  bounds: AnswerBounds,
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
    // The client takes an error that says so for a time-out.
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

function tooLarge({ largestBytes }: AnswerBounds): DuetError {
  return new DuetError('too_large', `its answer is larger than ${Math.round(largestBytes / 2 ** 20)} MiB`);
}

/** Statuses that forbid a body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
