import { once } from 'node:events';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { DuetError } from '../../errors.js';
import type { ContextOptions } from '../model.js';
import { CallBoard, unexpected } from './call-board.js';
import { ContextProxy } from './context-proxy.js';
import { fromPlainError } from './messages.js';
import type { FromWorker, ToWorker, WorkerStart } from './messages.js';
import { workerFile } from './worker-file.js';
import type { WorkerFile } from './worker-file.js';

/**
 * One worker thread with a loaded model. It is never terminated from outside, because that would abort the
 * process in the middle of a model call: it is told to stop and ends by itself. It keeps the process alive
 * only while it works.
 */
export class ModelWorker implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #exited: Promise<unknown>;
  readonly #board: CallBoard;
  readonly #events: WorkerEvents;
  readonly #loaded: Promise<void>;
  #stopping = false;
  #nextContext = 0;
  #crash: DuetError | null = null;

  private constructor(start: WorkerStart, events: WorkerEvents, file: WorkerFile) {
    this.#events = events;
    const worker = new Worker(file.url, {
      workerData: start,
      execArgv: [...file.execArgv],
      // Native libraries do not see a worker's own copy of the environment, and that is where ONNX Runtime's
      // telemetry is switched off.
      env: SHARE_ENV,
      name: 'duet-model',
    });
    this.#worker = worker;
    this.#exited = once(worker, 'exit').catch(() => undefined);
    this.#board = new CallBoard(
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
    events: WorkerEvents,
    signal?: AbortSignal,
    file: WorkerFile = workerFile('worker-main'),
  ): Promise<ModelWorker> {
    const worker = new ModelWorker(start, events, file);
    try {
      await unlessAborted(worker.#loaded, signal);
    } catch (error) {
      // Loading cannot be interrupted; the worker ends when it is through.
      void worker[Symbol.asyncDispose]();
      throw error;
    }
    worker.#worker.unref();
    return worker;
  }

  /** Opens a context here; `onClose` is called once, when it is closed. */
  openContext(options: ContextOptions, onClose: () => void, signal?: AbortSignal): Promise<ContextProxy> {
    return ContextProxy.open(this.#board, this.#nextContext++, options, onClose, signal);
  }

  /** What `text` itself takes of a context. */
  async measure(text: string): Promise<number> {
    const answer = await this.#board.ask({ type: 'measure', text });
    if (answer.type !== 'measured') throw unexpected(answer);
    return answer.amount;
  }

  /** Ends the calls that run, waits for the model call in progress, frees the model and ends the thread. */
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
        else if (message.type === 'warning') this.#events.onWarning(message.message);
        else this.#board.deliver(message);
      });
      this.#worker.on('error', (error) => {
        this.#crash = new DuetError('model_failed', `a model worker crashed: ${describe(error)}`, {
          cause: error,
        });
      });
      this.#worker.on('exit', (code) => {
        const error = this.#crash ?? endedBy(this.#stopping, code);
        this.#board.break(error);
        reject(error);
        if (!this.#stopping) this.#events.onCrash(error);
      });
    });
  }
}

/** What a worker's owner wants to hear. */
export interface WorkerEvents {
  readonly onWarning: (message: string) => void;
  /** The worker ended without being told to; its contexts are lost. */
  readonly onCrash: (error: DuetError) => void;
}

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
