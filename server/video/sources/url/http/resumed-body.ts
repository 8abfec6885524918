import { PassThrough, pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { DuetError } from '../../../../errors.js';
import type { HttpAnswer } from './http-get.js';
import { passingStatuses } from './network-errors.js';

/**
 * All bytes of a response whose server sends parts: where it ends too early the rest is asked for at once,
 * and where it breaks off, after a while, ever longer, as long as the server still has the same file.
 *
 * Reading it fails with a `RangeError` that says what went wrong: the file has changed, its server refuses
 * the rest, or it stayed away through all attempts.
 *
 * @param asked which of its bytes were asked for.
 * @param ask asks for the bytes from a position on, to a last one or to the end.
 * @param attempts how often it is asked for the rest without a byte that is new.
 */
export function resumedBody(
  answer: HttpAnswer,
  asked: AskedBytes,
  ask: AskForPart,
  attempts = mostInARow,
): Readable {
  const reading = new Resuming(answer, asked, ask, attempts);
  const whole = new PassThrough();
  // Also ends a wait, and one for bytes that never arrive.
  whole.once('close', () => {
    reading.end();
  });
  return pipeline(
    () => reading.parts(),
    whole,
    () => {
      reading.end();
    },
  );
}

/** The positions of the first and the last byte, and the length of the file. */
interface AskedBytes {
  readonly from: number;
  readonly end: number;
  readonly total: number;
}

/** Resolves to the response, and the file's length where its body begins at the position asked for. */
type AskForPart = (
  from: number,
  to: number | undefined,
) => Promise<{ readonly answer: HttpAnswer; readonly total: number | undefined }>;

class Resuming {
  readonly #first: HttpAnswer;
  readonly #asked: AskedBytes;
  readonly #ask: AskForPart;
  readonly #attempts: number;
  readonly #stop = new AbortController();
  #body: Readable;
  #at: number;
  /** Attempts since a byte last came. */
  #failures = 0;
  #breaks = 0;

  constructor(first: HttpAnswer, asked: AskedBytes, ask: AskForPart, attempts: number) {
    this.#first = first;
    this.#asked = asked;
    this.#ask = ask;
    this.#attempts = attempts;
    this.#body = first.body;
    this.#at = asked.from;
  }

  end(): void {
    this.#stop.abort();
    this.#body.destroy();
  }

  async *parts(): AsyncGenerator<Buffer, void, void> {
    const { end } = this.#asked;
    for (;;) {
      const began = this.#at;
      let broken: unknown;
      try {
        for await (const chunk of this.#body as AsyncIterable<Buffer>) {
          const wanted = chunk.subarray(0, end + 1 - this.#at);
          this.#at += wanted.length;
          this.#failures = 0;
          yield wanted;
          if (this.#at > end) return;
        }
      } catch (thrown) {
        broken = thrown;
      }
      if (broken === undefined && this.#at === began) throw this.#refused();
      this.#body = await this.#rest(broken);
    }
  }

  /** The bytes that are still missing. */
  async #rest(broken: unknown): Promise<Readable> {
    let failure = broken;
    for (;;) {
      if (failure !== undefined) await this.#waitAfter(failure);
      const next = await this.#askOnce();
      if ('body' in next) return next.body;
      ({ failure } = next);
    }
  }

  async #waitAfter(failure: unknown): Promise<void> {
    const { signal } = this.#stop;
    signal.throwIfAborted();
    this.#failures += 1;
    this.#breaks += 1;
    if (this.#failures > this.#attempts || this.#breaks > mostInAll) throw this.#away(failure);
    await sleep(200 * 2 ** (this.#failures - 1) * (0.75 + Math.random() / 2), undefined, { signal });
  }

  async #askOnce(): Promise<{ readonly body: Readable } | { readonly failure: unknown }> {
    const { end, total } = this.#asked;
    let asked: Awaited<ReturnType<AskForPart>>;
    try {
      asked = await this.#ask(this.#at, end === total - 1 ? undefined : end);
    } catch (failure) {
      if (failure instanceof DuetError && !failure.retryable) throw failure;
      return { failure };
    }
    const { answer } = asked;
    const problem = this.#problemOf(answer, asked.total);
    if (problem === undefined && !this.#stop.signal.aborted) return { body: answer.body };
    answer.body.on('error', () => undefined).destroy();
    this.#stop.signal.throwIfAborted();
    if (passingStatuses.has(answer.status)) return { failure: problem };
    throw problem ?? this.#refused();
  }

  #problemOf(answer: HttpAnswer, total: number | undefined): RangeError | undefined {
    const changed = versionHeaders.some((name) => answer.headers[name] !== this.#first.headers[name]);
    if (answer.status !== 206 && answer.status !== 200 && answer.status !== 416) return this.#refused();
    if (changed || (total !== undefined && total !== this.#asked.total)) {
      return new RangeError('the file on its server has changed in the meantime; open it again');
    }
    return total === undefined ? this.#refused() : undefined;
  }

  #refused(): RangeError {
    return new RangeError(`its server sends ${this.#at} of ${this.#asked.total} bytes and not the rest`);
  }

  #away(cause: unknown): RangeError {
    const where = `after ${this.#at} of ${this.#asked.total} bytes`;
    const isBack = this.#failures <= this.#attempts;
    const then = isBack
      ? `as it had ${mostInAll} times before`
      : `and did not go on when asked ${this.#attempts} times`;
    return new RangeError(`its server closed the connection ${where}, ${then}`, { cause });
  }
}

/** What tells one version of a file from another. */
const versionHeaders = ['etag', 'last-modified'] as const;

/** Attempts without a byte: within some 25 seconds, less than a decoder waits for a picture. */
const mostInARow = 7;

/** Attempts for one body, so that a server which sends a byte at a time is not asked for ever. */
const mostInAll = 500;
