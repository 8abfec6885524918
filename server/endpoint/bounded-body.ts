import { DuetError } from '../errors.js';

/**
 * The chunks of a body, as long as they keep coming and are not too many. Throws 'too_large', or an error
 * that says "timed out", by which the OpenAI client knows what it may try again.
 */
export async function* boundedChunks(
  body: ReadableStream<Uint8Array>,
  bounds: BodyBounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  let length = 0;
  let whole = false;
  try {
    for (;;) {
      const { done, value } = await withinMs(bounds.stallMs, reader.read());
      whole = done;
      if (done) return;
      length += value.length;
      if (length > bounds.largestBytes) throw tooLarge(bounds);
      yield value;
    }
  } finally {
    if (!whole) await reader.cancel().catch(() => undefined);
  }
}

/** Bounds of the body of an answer. */
export interface BodyBounds {
  /** Bytes of the body, unpacked. */
  readonly largestBytes: number;
  /** Most milliseconds between two chunks of the body. */
  readonly stallMs: number;
}

/** A whole body within its bounds. */
export async function readWhole(
  body: ReadableStream<Uint8Array>,
  bounds: BodyBounds,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of boundedChunks(body, bounds)) chunks.push(chunk);
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let position = 0;
  for (const chunk of chunks) {
    whole.set(chunk, position);
    position += chunk.length;
  }
  return whole;
}

async function withinMs<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
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

function tooLarge({ largestBytes }: BodyBounds): DuetError {
  const size =
    largestBytes >= 2 ** 20 ? `${Math.round(largestBytes / 2 ** 20)} MiB` : `${largestBytes} bytes`;
  return new DuetError('too_large', `its answer is larger than ${size}`);
}
