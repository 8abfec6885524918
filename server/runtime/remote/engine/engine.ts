import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import type { ChatCompletionChunk, ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import { EitherSignal } from '../../../concurrency/either-signal.js';
import type { DuetError } from '../../../errors.js';
import { refuseIfAborted } from '../../../errors.js';
import { boundedClient } from './bounded-client.js';
import { engineFailure, errorInside, isUncharged, type AskedEngine } from './engine-failure.js';
import { PictureLimit } from './picture-limit.js';
import type { Spending, TokenCount } from './spending.js';

/**
 * The engine behind a model: sends requests within the budget and reads answers within bounds. A key goes to
 * its own address only, since redirects are not followed.
 */
export class Engine {
  readonly name: AskedEngine;
  /** How many pictures it takes. */
  readonly pictures: PictureLimit;
  readonly #client: OpenAI;
  readonly #extra: Readonly<Record<string, unknown>>;
  readonly #onWarning: (message: string) => void;
  readonly #isOfficial: boolean;
  #failures = 0;
  #restUntil = 0;

  /** `extra` goes into the body of every request. */
  constructor(name: AskedEngine, { extra, onWarning }: EngineOptions) {
    this.name = name;
    this.pictures = new PictureLimit((most) => {
      onWarning(
        `${name.model} takes ${most} ${most === 1 ? 'picture' : 'pictures'} at once: it is shown no more`,
      );
    });
    this.#extra = extra;
    this.#onWarning = onWarning;
    this.#client = boundedClient(name);
    // Its newer models refuse the older name of the limit, and a temperature.
    this.#isOfficial = new URL(name.url).hostname === 'api.openai.com';
  }

  /** The fields of a chat that make it short and, where the engine takes that, the same every time. */
  sampling(mostTokens: number): Readonly<Record<string, number>> {
    return this.#isOfficial
      ? { max_completion_tokens: mostTokens }
      : { max_tokens: mostTokens, temperature: 0 };
  }

  /** Milliseconds for which the engine is better left alone, after failures that may pass. */
  get restMs(): number {
    return Math.max(0, this.#restUntil - performance.now());
  }

  /** Asks for one answer at a path below the base address, and returns it as parsed JSON. */
  ask(path: string, body: Readonly<Record<string, unknown>>, options: RequestOptions): Promise<unknown> {
    return this.#paid(options, async (signal) => {
      const whole = { model: this.name.model, ...this.#extra, ...body };
      const answer: unknown = await this.#client.post(path, { body: whole, signal });
      const error = errorInside(answer, this.name);
      if (error !== null) throw error;
      return { answer, tokens: tokensOf(answer) };
    });
  }

  /**
   * Streams a chat. A failure before the first chunk is tried again, later ones are thrown. Leaving the loop
   * cancels the request.
   */
  async *stream(
    body: ChatBody,
    options: RequestOptions,
  ): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    const over = new AbortController();
    const timer = setTimeout(() => {
      over.abort();
    }, longestStreamMs);
    using either = new EitherSignal(over.signal, ...(options.signal === undefined ? [] : [options.signal]));
    try {
      yield* this.#streamed(body, { ...options, signal: either.signal });
      // The client ends an aborted stream without a word.
      if (over.signal.aborted) throw engineFailure(new Error('it timed out'), this.name, longestStreamMs);
    } finally {
      clearTimeout(timer);
    }
  }

  async *#streamed(
    body: ChatBody,
    options: RequestOptions,
  ): AsyncGenerator<ChatCompletionChunk, void, undefined> {
    const { settle, chunks, first } = await this.#paid({ ...options, settles: false }, (signal, settle) =>
      this.#begin(body, signal).then((begun) => ({ answer: { ...begun, settle }, tokens: null })),
    );
    let tokens: TokenCount | null = null;
    try {
      for (let next = first; next.done !== true; next = await chunks.next()) {
        tokens = tokensOf(next.value) ?? tokens;
        yield next.value;
      }
    } catch (thrown) {
      throw this.#noted(engineFailure(thrown, this.name, options.timeoutMs));
    } finally {
      settle(tokens ?? 'unknown');
      await chunks.return(undefined);
    }
  }

  /** Opens a stream up to its first chunk. */
  async #begin(body: ChatBody, signal: AbortSignal): Promise<BegunStream> {
    const request = { ...this.#extra, ...body, model: this.name.model, stream: true } as const;
    const stream = await this.#client.chat.completions.create(
      { ...request, stream_options: { include_usage: true } },
      { signal },
    );
    const chunks = iterate(stream);
    const first = await chunks.next();
    // The client ends an aborted stream without a word.
    signal.throwIfAborted();
    if (first.done === true) throw new SyntaxError('it sent an empty stream');
    return { chunks, first };
  }

  /**
   * Makes a request that is paid for, again if that may help; every attempt is reserved in the budget first.
   */
  async #paid<Answer>(
    { estimate, timeoutMs, retries, signal, spending, settles = true }: PaidOptions,
    request: Attempt<Answer>,
  ): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      refuseIfAborted(signal);
      const settle = spending.reserve(estimate);
      const late = new AbortController();
      const timer = setTimeout(() => {
        late.abort();
      }, timeoutMs);
      // A stream goes on after this; it is bounded by its own stalls.
      const either = signal === undefined ? null : new EitherSignal(signal, late.signal);
      try {
        const { answer, tokens } = await request(either?.signal ?? late.signal, settle);
        if (settles) settle(tokens ?? 'unknown');
        this.#failures = 0;
        this.#restUntil = 0;
        return answer;
      } catch (thrown) {
        const error = engineFailure(thrown, this.name, timeoutMs);
        settle(isUncharged(error) ? 'nothing' : 'unknown');
        either?.[Symbol.dispose]();
        refuseIfAborted(signal);
        this.#noted(error);
        const isHopeless = (error.retryAfterMs ?? 0) > longestAskedMs;
        if (!error.retryable || isHopeless || attempt >= retries) throw error;
        if (this.restMs >= longSilenceMs) this.#onWarning(error.message);
        await sleep(this.restMs, undefined, signal && { signal }).catch(() => undefined);
      } finally {
        clearTimeout(timer);
        if (settles) either?.[Symbol.dispose]();
      }
    }
  }

  /** Leaves the engine alone for longer with every failure in a row, or for as long as it asks. */
  rest(askedMs = 0): void {
    this.#failures += 1;
    const wait = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(16, this.#failures - 1));
    this.#restUntil = performance.now() + Math.max(wait, Math.min(askedMs, longestAskedMs));
  }

  #noted(error: DuetError): DuetError {
    if (error.retryable) this.rest(error.retryAfterMs ?? 0);
    return error;
  }
}

/** What an engine is told with every request, and who is told of it. */
interface EngineOptions {
  readonly extra: Readonly<Record<string, unknown>>;
  readonly onWarning: (message: string) => void;
}

/** How one request is made. */
export interface RequestOptions {
  /** The most that it may take. */
  readonly estimate: TokenCount;
  /** Milliseconds for the whole answer; of a stream until its first chunk. */
  readonly timeoutMs: number;
  /** How often it is repeated if it fails in a way that may pass. */
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** Who pays. */
  readonly spending: Spending;
}

/** `settles`: whether the request is over when it is answered. */
type PaidOptions = RequestOptions & { readonly settles?: boolean };

/** A chat without what the engine adds. */
export type ChatBody = Omit<ChatCompletionCreateParams, 'model' | 'stream' | 'stream_options'>;

type Settle = ReturnType<Spending['reserve']>;
type Attempt<Answer> = (
  signal: AbortSignal,
  settle: Settle,
) => Promise<{ readonly answer: Answer; readonly tokens: TokenCount | null }>;

interface BegunStream {
  readonly chunks: AsyncGenerator<ChatCompletionChunk, void, undefined>;
  readonly first: IteratorResult<ChatCompletionChunk, void>;
}

const firstRestMs = 250;
const longestRestMs = 30_000;

/** The longest that an engine may ask to be left alone. */
const longestAskedMs = 600_000;

/** After which whoever waits wants to know why. */
const longSilenceMs = 5000;

/** Milliseconds after which a stream is given up that still comes. */
const longestStreamMs = 120_000;

async function* iterate<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  yield* items;
}

/** The tokens that an answer says it took, in either style; null if it does not. */
function tokensOf(answer: unknown): TokenCount | null {
  if (typeof answer !== 'object' || answer === null || !('usage' in answer)) return null;
  const { usage } = answer;
  if (typeof usage !== 'object' || usage === null) return null;
  const numbers = new Map<string, unknown>(Object.entries(usage));
  const input = numbers.get('prompt_tokens') ?? numbers.get('input_tokens');
  const output = numbers.get('completion_tokens') ?? numbers.get('output_tokens') ?? 0;
  if (!isCount(input) || !isCount(output) || input === 0) return null;
  return { input, output };
}

/** Far above what any engine reads at once: a larger number counts as none. */
const mostTokens = 1e8;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= mostTokens;
}
