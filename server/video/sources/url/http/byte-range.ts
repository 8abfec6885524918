import { PassThrough, Transform, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';

import type { HttpAnswer } from './http-get.js';

/**
 * Corrects the response to a request for all bytes from some position on; servers vary in how they answer it.
 *
 * - A response that does not state the total length, or which part it holds, counts as one without range
 *   support.
 * - When a part starts too early, or the whole is sent whatever the headers say, the excess at the start is
 *   skipped.
 * - A part that ends too early, from a server that limits the bytes per response, is continued.
 *
 * @param range the `Range` header that was sent.
 * @param ask sends another request with such a header.
 */
export function requestedRange(
  answer: HttpAnswer,
  range: string | undefined,
  ask: (range: string) => Promise<HttpAnswer>,
): HttpAnswer {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (answer.status !== 206 || first === undefined) return answer;
  const start = Number(first);
  const part = rangeOf(answer);
  if (part === undefined) return start === 0 ? asWhole(answer) : answer;
  const { from, to, total } = part;
  const wantsRest = last === '' && to < total - 1;
  if ((from === start && !wantsRest) || from > start || to < start) return answer;
  const shortened = from < start ? without(start - from, answer.body) : answer.body;
  const end = wantsRest ? total - 1 : to;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${total}`,
    },
    body: wantsRest ? continued(shortened, { from: to + 1, total }, ask) : shortened,
  };
}

/** Which bytes, the last one included, a response of status 206 holds, and the total length. */
interface ByteRange {
  readonly from: number;
  readonly to: number;
  readonly total: number;
}

function rangeOf({ headers }: HttpAnswer): ByteRange | undefined {
  const told = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
  if (told === null) return undefined;
  const [from = 0, to = 0, total = 0] = told.slice(1).map(Number);
  // The length of what is actually sent.
  const whole = Number(headers['content-length']) === total && to === total - 1;
  return { from: whole ? 0 : from, to, total };
}

function asWhole(answer: HttpAnswer): HttpAnswer {
  return { ...answer, status: 200, headers: { ...answer.headers, 'content-range': undefined } };
}

function without(bytes: number, body: Readable): Readable {
  let left = bytes;
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const skipped = Math.min(left, chunk.length);
      left -= skipped;
      done(null, chunk.subarray(skipped));
    },
  });
  // Errors reach the reader through the last stream.
  return pipeline(body, rest, () => undefined);
}

function continued(
  beginning: Readable,
  { from, total }: Pick<ByteRange, 'from' | 'total'>,
  ask: (range: string) => Promise<HttpAnswer>,
): Readable {
  let current = beginning;
  const whole = new PassThrough();
  async function* parts(): AsyncGenerator<Buffer, void, void> {
    yield* beginning as AsyncIterable<Buffer>;
    for (let at = from; at < total && !whole.destroyed;) {
      const next = await ask(`bytes=${at}-`);
      current = next.body;
      const part = next.status === 206 ? rangeOf(next) : undefined;
      if (part?.from !== at || part.to < at) {
        throw new RangeError(`its server sends ${at} of ${total} bytes and not the rest`);
      }
      yield* next.body as AsyncIterable<Buffer>;
      at = part.to + 1;
    }
  }
  // Also ends a wait for bytes that never arrive.
  whole.once('close', () => current.destroy());
  return pipeline(parts, whole, () => current.destroy());
}
