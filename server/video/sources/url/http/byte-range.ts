import { Transform, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';

import type { HttpAnswer } from './http-get.js';
import { resumedBody } from './resumed-body.js';

/**
 * Corrects the response to a request for all bytes from some position on; servers vary in how they answer it.
 *
 * - A response that does not state the total length, or which part it holds, counts as one without range
 *   support.
 * - When a part starts too early, or the whole is sent whatever the headers say, the excess at the start is
 *   skipped.
 * - A part that ends too early, from a server that limits the bytes per response, is continued, and so is one
 *   that breaks off, see {@link resumedBody}; where the server knows no parts, a file of some length is asked
 *   for again from its beginning.
 *
 * @param range the `Range` header that was sent.
 * @param ask sends another request with such a header.
 */
export function requestedRange(
  answer: HttpAnswer,
  range: string | undefined,
  ask: (range: string) => Promise<HttpAnswer>,
): HttpAnswer {
  if (answer.status === 200) return resumableWhole(answer, ask);
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (answer.status !== 206 || first === undefined) return answer;
  const start = Number(first);
  const part = partFrom(answer, start);
  if (part === undefined) return start === 0 && rangeOf(answer) === undefined ? asWhole(answer) : answer;
  const { body, to, total } = part;
  const end = last === '' ? total - 1 : to;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${total}`,
    },
    body: resumedBody({ ...answer, body }, { from: start, end, total }, askForPart(ask)),
  };
}

/**
 * A response with all bytes, from a server that would also send a part of them, or can send all of them
 * again.
 */
function resumableWhole(answer: HttpAnswer, ask: (range: string) => Promise<HttpAnswer>): HttpAnswer {
  const total = lengthOf(answer);
  const sendsParts = answer.headers['accept-ranges'] === 'bytes';
  if (total === 0 || (!sendsParts && total > mostAskedAgain)) return answer;
  const asked = { from: 0, end: total - 1, total };
  const attempts = sendsParts ? undefined : fewAttempts;
  return { ...answer, body: resumedBody(answer, asked, askForPart(ask), attempts) };
}

function askForPart(ask: (range: string) => Promise<HttpAnswer>): Parameters<typeof resumedBody>[2] {
  return async (from, to) => {
    const answer = await ask(`bytes=${from}-${to ?? ''}`);
    const part = answer.status === 206 ? partFrom(answer, from) : wholeFrom(answer, from);
    return { answer: { ...answer, body: part?.body ?? answer.body }, total: part?.total };
  };
}

/** The bytes of a part from some position on; undefined where the part does not hold it. */
function partFrom(
  answer: HttpAnswer,
  start: number,
): { readonly body: Readable; readonly to: number; readonly total: number } | undefined {
  const part = rangeOf(answer);
  if (part === undefined || part.from > start || part.to < start) return undefined;
  const { from, to, total } = part;
  return { body: from < start ? without(start - from, answer.body) : answer.body, to, total };
}

/** The same of a server that sends all bytes whatever it is asked for, as those of HLS segments may. */
function wholeFrom(answer: HttpAnswer, start: number): ReturnType<typeof partFrom> {
  const total = lengthOf(answer);
  if (answer.status !== 200 || total <= start || total > mostAskedAgain) return undefined;
  return { body: without(start, answer.body), to: total - 1, total };
}

/** The number of bytes that a response says its body has; 0 where it says none. */
function lengthOf({ headers: { 'content-length': length = '' } }: HttpAnswer): number {
  return /^\d+$/.test(length) ? Number(length) : 0;
}

/** Attempts where all bytes are sent each time: within some 1.5 seconds. */
const fewAttempts = 3;

/** Bytes of a file that is worth sending again from its beginning. */
const mostAskedAgain = 64 * 2 ** 20;

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
