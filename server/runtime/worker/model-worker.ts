import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { DuetError } from '../../errors.js';
import type { ContextOptions } from '../model.js';
import { PendingCalls, unexpected } from './pending-calls.js';
import { ContextProxy, type ContextHome } from './context-proxy.js';
import { fromPlainError } from './messages.js';
import type { FromWorker, ToWorker, WorkerStart } from './messages.js';
import { workerFile } from './worker-file.js';
import type { WorkerFile } from './worker-file.js';

/**
 * One worker thread with a loaded model. It is never terminated from outside, because that would crash the
 * process during a model call; it is told to stop and exits by itself. It keeps the process alive only while
 * it has work.
 */
export class ModelWorker implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;
  readonly #calls: PendingCalls;
  readonly #onCrash: OnCrash;
  readonly #loaded: Promise<void>;
  #stopping = false;
  #nextContext = 0;
  #crash: DuetError | null = null;

  private constructor(start: WorkerStart, onCrash: OnCrash, file: WorkerFile) {
    this.#onCrash = onCrash;
    const worker = new Worker(file.url, {
      workerData: start,
      execArgv: [...file.execArgv],
      // ONNX Runtime's telemetry is switched off by an environment variable, and native libraries do not see
      // a worker's own copy of the environment.
      env: SHARE_ENV,
      name: 'duet-model',
    });
    this.#worker = worker;
    this.#exited = once(worker, 'exit').catch(() => undefined);
    this.#calls = new PendingCalls(
      (message, transfer) => {
        this.#post(message, transfer);
      },
      (busy) => {
        if (busy) worker.ref();
        else if (!this.#stopping) worker.unref();
      },
    );
    this.#loaded = this.#listen();
  }

  /**
   * Starts a worker and waits until its model is loaded. Throws what loading threw; 'cancelled' when `signal`
   * aborts.
   */
  static async start(
    start: WorkerStart,
    onCrash: OnCrash,
    signal?: AbortSignal,
    file: WorkerFile = workerFile('worker-main'),
  ): Promise<ModelWorker> {
    const worker = new ModelWorker(start, onCrash, file);
    try {
      await unlessAborted(worker.#loaded, signal);
    } catch (error) {
      // Loading cannot be interrupted; the worker stops once it has finished.
      void worker[Symbol.asyncDispose]();
      throw error;
    }
    worker.#worker.unref();
    return worker;
  }

  /** Opens a context on this worker. */
  openContext(options: ContextOptions, home: ContextHome, signal?: AbortSignal): Promise<ContextProxy> {
    return ContextProxy.open(this.#calls, this.#nextContext++, options, home, signal);
  }

  /** The size of `text` in a context. */
  async measure(text: string): Promise<number> {
    const answer = await this.#calls.ask({ type: 'measure', text });
    if (answer.type !== 'measured') throw unexpected(answer);
    return answer.amount;
  }

  /** Ends running calls, waits for the current model call, frees the model and ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#worker.ref();
      this.#post({ type: 'stop' }, []);
    }
    await this.#exited;
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[]): void {
    this.#worker.postMessage(message, [...transfer]);
  }

  #listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.type === 'loaded') resolve();
        else if (message.type === 'load-failed') reject(fromPlainError(message.error));
        else this.#calls.deliver(message);
      });
      this.#worker.on('error', (error) => {
        this.#crash = new DuetError('model_failed', `a model worker crashed: ${describe(error)}`, {
          cause: error,
        });
      });
      this.#worker.on('exit', (code) => {
        const error = this.#crash ?? endedBy(this.#stopping, code);
        this.#calls.break(error);
        reject(error);
        if (!this.#stopping) this.#onCrash(error);
      });
    });
  }
}

/** Called when a worker exited unexpectedly; its contexts are lost. */
export type OnCrash = (error: DuetError) => void;

function endedBy(stopping: boolean, code: number): DuetError {
  return stopping
    ? new DuetError('model_failed', 'the model was closed; load it again')
    : new DuetError('model_failed', `a model worker ended unexpectedly with exit code ${code}`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function unlessAborted(loaded: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) {
    await loaded;
    return;
  }
  const over = new AbortController();
  try {
    await Promise.race([loaded, rejectOnAbort(signal, over.signal)]);
  } finally {
    over.abort();
  }
}

function rejectOnAbort(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => {
      reject(new DuetError('cancelled', 'loading the model was aborted', { cause: signal.reason }));
    };
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { signal: over });
  });
}
