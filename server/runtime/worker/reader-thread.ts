import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { DuetError, refuseIfAborted } from '../../errors.js';
import type { ReadLine } from '../reader/read-line.js';
import type { ReadRequest, TextReader } from '../reader/text-reader.js';
import type { FromReader, ReaderStart, ToReader } from './reader-messages.js';
import { workerFile } from './worker-file.js';

/**
 * A reader on a thread of its own, started when something is first to be read: reading takes longer than a
 * frame, and frames need not wait for it in the queue of a model's worker. All sessions share the thread, one
 * copy of the graphs and a share of a processor. It is never terminated from outside, like a model's worker.
 */
export class ReaderThread implements TextReader, AsyncDisposable {
  readonly #start: ReaderStart;
  #waiting: readonly WaitingRequest[] = [];
  #thread: Promise<Thread> | null = null;
  #reading: Promise<void> | null = null;
  #wake: ReturnType<typeof setTimeout> | undefined;
  /** When reading that nobody waits for may go on, in milliseconds of `performance.now()`. */
  #restsUntil = 0;
  #isClosed = false;

  constructor(start: ReaderStart) {
    this.#start = start;
  }

  async read(request: ReadRequest, signal: AbortSignal): Promise<readonly ReadLine[] | null> {
    refuseIfAborted(signal);
    if (this.#isClosed) throw failed('the model was closed');
    let leave = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        let giveUp: (none: null) => void = () => undefined;
        const left = new Promise<null>((settle) => {
          giveUp = settle;
        });
        const waiting = { request, left, resolve, reject };
        leave = () => {
          giveUp(null);
          this.#waiting = this.#waiting.filter((each) => each !== waiting);
          reject(new DuetError('cancelled', 'reading the picture was aborted'));
        };
        signal.addEventListener('abort', leave, { once: true });
        this.#waiting = [...this.#waiting, waiting];
        this.#goOn();
      });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** Waits for the picture being read, then frees the graphs. Waiting requests are rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#wake);
    for (const { reject } of this.#waiting) reject(failed('the model was closed'));
    this.#waiting = [];
    await this.#reading;
    const thread = await this.#thread?.catch(() => null);
    if (thread == null) return;
    thread.worker.ref();
    thread.worker.postMessage({ type: 'stop' } satisfies ToReader);
    await thread.over;
  }

  /**
   * Begins with the next request if its time has come: those that somebody waits for go first, without a
   * rest.
   */
  #goOn(): void {
    if (this.#reading !== null) return;
    clearTimeout(this.#wake);
    const next = this.#waiting.find(({ request }) => request.urgency === 'now') ?? this.#waiting[0];
    if (next === undefined) return;
    const rest = next.request.urgency === 'now' ? 0 : this.#restsUntil - performance.now();
    if (rest > 0) {
      this.#wake = setTimeout(() => {
        this.#goOn();
      }, rest).unref();
      return;
    }
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#reading = this.#read(next).finally(() => {
      this.#reading = null;
      this.#goOn();
    });
  }

  async #read({ request, left, resolve, reject }: WaitingRequest): Promise<void> {
    try {
      // Whoever has given up must not hold up the others with a picture that never comes.
      const picture = await Promise.race([request.picture(), left]);
      if (picture === null) {
        resolve(null);
        return;
      }
      const { worker, over } = await (this.#thread ??= this.#begin());
      const begun = performance.now();
      worker.ref();
      worker.postMessage({ type: 'read', picture, known: request.known } satisfies ToReader);
      const answer = await Promise.race([answerOf(worker), over]);
      worker.unref();
      const now = performance.now();
      this.#restsUntil = now + (now - begun) * (1 / spareShare - 1);
      if (answer?.type !== 'lines') throw failed(reasonOf(answer));
      resolve(answer.lines);
    } catch (thrown) {
      reject(thrown);
    }
  }

  async #begin(): Promise<Thread> {
    const { url, execArgv } = workerFile('reader-main');
    const worker = new Worker(url, {
      workerData: this.#start,
      execArgv: [...execArgv],
      env: SHARE_ENV,
      name: 'duet-reader',
    });
    const over = once(worker, 'exit').then(
      () => null,
      () => null,
    );
    void over.then(() => {
      this.#thread = null;
    });
    const answer = await Promise.race([answerOf(worker), over]);
    worker.unref();
    if (answer?.type === 'loaded') return { worker, over };
    throw failed(reasonOf(answer));
  }
}

/** Share of a processor that reading takes at most, for all sessions together, unless somebody asks. */
const spareShare = 0.2;

interface WaitingRequest {
  readonly request: ReadRequest;
  /** Resolves when whoever asked has given up. */
  readonly left: Promise<null>;
  readonly resolve: (lines: readonly ReadLine[] | null) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Resolves when the thread has ended. */
  readonly over: Promise<null>;
}

async function answerOf(worker: Worker): Promise<FromReader> {
  const [answer] = (await once(worker, 'message')) as [FromReader];
  return answer;
}

function failed(reason: string): DuetError {
  return new DuetError('model_failed', `the text in the picture could not be read: ${reason}`);
}

function reasonOf(answer: FromReader | null): string {
  return answer?.type === 'failed' ? answer.message : 'its thread has ended';
}
