import { DuetError, toDuetError } from '../../errors.js';
import { callScope, type CallScope } from '../call-scope.js';
import type { DuetContext, DuetModel } from '../model.js';
import { partsAhead, toPlainError } from './messages.js';
import type { CallAnswer, FromWorker, ModelCall, ToWorker } from './messages.js';

/** The worker's side of the messages: carries out calls on a model's contexts and answers each of them. */
export class WorkerHost {
  readonly #model: DuetModel;
  readonly #post: (message: FromWorker) => void;
  readonly #contexts = new Map<number, DuetContext>();
  readonly #calls = new Map<number, RunningCall>();

  constructor(model: DuetModel, post: (message: FromWorker) => void) {
    this.#model = model;
    this.#post = post;
  }

  /** Handles a message; for `stop` see {@link stop}. */
  handle(message: Exclude<ToWorker, { type: 'stop' }>): void {
    if (message.type === 'abort') {
      this.#calls.get(message.call)?.abort.abort();
      this.#calls.get(message.call)?.onTaken();
    } else if (message.type === 'taken') {
      this.#take(message.call, message.parts);
    } else {
      this.#begin(message);
    }
  }

  /** Aborts every call, waits until all are over and frees the model. */
  async stop(): Promise<void> {
    const calls = [...this.#calls.values()];
    for (const call of calls) {
      call.abort.abort();
      call.onTaken();
    }
    await Promise.all(calls.map((call) => call.over));
    await this.#model[Symbol.asyncDispose]();
  }

  #take(number: number, parts: number): void {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    call.ahead -= parts;
    call.onTaken();
  }

  #begin(message: ModelCall & { call: number }): void {
    const call: RunningCall = {
      context: message.type === 'measure' ? null : message.context,
      abort: new AbortController(),
      ahead: 0,
      onTaken: () => undefined,
      over: Promise.resolve(),
    };
    this.#calls.set(message.call, call);
    call.over = this.#answer(message, call).finally(() => this.#calls.delete(message.call));
  }

  async #answer(message: ModelCall & { call: number }, call: RunningCall): Promise<void> {
    const scope = scopeOf(message);
    const post = (answer: Answer) => {
      const context = call.context === null ? undefined : this.#contexts.get(call.context);
      const { size = 0, bytes = null } = context ?? {};
      this.#post({ ...answer, call: message.call, size, bytes, cost: { ...scope.cost } });
      Object.assign(scope.cost, noCost);
    };
    await callScope.run(scope, async () => {
      try {
        if (message.type === 'reply') await this.#speak(message, call, post);
        else post(await this.#carryOut(message, call));
      } catch (error) {
        post({ type: 'failed', error: toPlainError(toDuetError(error)) });
      }
    });
  }

  async #carryOut(message: Exclude<ModelCall, ReplyCall>, call: RunningCall): Promise<Answer> {
    const { signal } = call.abort;
    switch (message.type) {
      case 'measure':
        return { type: 'measured', amount: await this.#model.measure(message.text) };
      case 'open': {
        const context = await this.#model.openContext(message.options, signal);
        this.#contexts.set(message.context, context);
        return { type: 'marked', mark: context.start };
      }
      case 'frames': {
        const frames = await this.#context(message.context).appendFrames(message.pictures, signal);
        return { type: 'scored', frames };
      }
      case 'user': {
        const { text, stands } = message;
        const mark = await this.#context(message.context).appendUserText(text, signal, stands);
        return { type: 'marked', mark };
      }
      case 'cut':
        await this.#context(message.context).cutBackTo(message.mark);
        return { type: 'done' };
      case 'evict':
        await this.#context(message.context).evict(message.from, message.to);
        return { type: 'done' };
      case 'close':
        await this.#close(message.context, call);
        return { type: 'done' };
      default:
        return message satisfies never;
    }
  }

  async #speak(message: ReplyCall, call: RunningCall, post: (answer: Answer) => void): Promise<void> {
    const reply = this.#context(message.context).generateReply(message.options, call.abort.signal);
    for await (const part of reply) {
      post({ type: 'part', part });
      if (part.type === 'text') await this.#keepPace(call);
    }
  }

  /** Waits while the consumer is too far behind. */
  async #keepPace(call: RunningCall): Promise<void> {
    call.ahead++;
    while (call.ahead >= partsAhead && !call.abort.signal.aborted) {
      await new Promise<void>((resolve) => {
        call.onTaken = resolve;
      });
    }
  }

  /** Ends everything still running on the context, then frees it. */
  async #close(number: number, closing: RunningCall): Promise<void> {
    const others = [...this.#calls.values()].filter((call) => call.context === number && call !== closing);
    for (const call of others) {
      call.abort.abort();
      call.onTaken();
    }
    await Promise.all(others.map((call) => call.over));
    const context = this.#contexts.get(number);
    this.#contexts.delete(number);
    await context?.[Symbol.asyncDispose]();
  }

  #context(number: number): DuetContext {
    const context = this.#contexts.get(number);
    if (context === undefined) throw new DuetError('model_failed', 'the context is closed; open a new one');
    return context;
  }
}

const noCost = { busyMs: 0, encoded: 0 };

function scopeOf(message: ModelCall & { call: number }): CallScope {
  const kind = message.type === 'frames' || message.type === 'reply' ? message.type : 'other';
  const context = message.type === 'measure' ? -1 : message.context;
  const { call: order, pace = 'realtime' } = message;
  return { context, order, kind, pace, cost: { ...noCost } };
}

/** A call in progress. */
interface RunningCall {
  /** Null for a call on the model itself. */
  readonly context: number | null;
  readonly abort: AbortController;
  /** Text parts posted and not yet taken. */
  ahead: number;
  /** Called when parts were taken or the call was aborted. */
  onTaken: () => void;
  over: Promise<void>;
}

type ReplyCall = Extract<ModelCall, { type: 'reply' }>;

type Answer = CallAnswer extends infer Each
  ? Each extends CallAnswer
    ? Omit<Each, 'call' | 'size' | 'bytes' | 'cost'>
    : never
  : never;
