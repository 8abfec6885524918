import type { ReplyEnd, ReplyOptions } from '../../model.js';
import { likeliestToken, penalizeRepetition } from './repetition-penalty.js';

/** What a generation needs of its context. */
export interface GenerationContext {
  /** Feeds one generated token and gives the logits for the next, or null when the context is full. */
  readonly feed: (token: number) => Promise<Float32Array | null>;
  /** Every token generated in this context so far, removed replies included; grows with this reply. */
  readonly generated: Set<number>;
  /** Tokens that end a reply; they are neither penalised nor part of it. */
  readonly endsReply: ReadonlySet<number>;
}

/** One greedy reply. Its last token is never fed: it is owed to the context when the reply is kept. */
export class Generation {
  readonly tokens: number[] = [];
  /** Valid when {@link run} is over; a generation that was abandoned is a cancelled one. */
  reason: ReplyEnd = 'cancelled';
  /** The last token chosen, an end token included; null when there was none. */
  last: number | null = null;
  readonly #context: GenerationContext;
  readonly #options: ReplyOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(context: GenerationContext, options: ReplyOptions, signal?: AbortSignal) {
    this.#context = context;
    this.#options = options;
    this.#signal = signal;
  }

  /** Yields token after token; `first` are the logits after the assistant's opening. */
  async *run(first: Float32Array): AsyncGenerator<number, void, undefined> {
    let logits: Float32Array | null = first;
    while (!this.#isOver(logits)) {
      const token = this.#choose(logits);
      this.last = token;
      if (this.#context.endsReply.has(token)) {
        this.reason = 'completed';
        return;
      }
      this.tokens.push(token);
      this.#context.generated.add(token);
      yield token;
      if (this.#isOver(logits)) return;
      logits = await this.#context.feed(token);
    }
  }

  #isOver(logits: Float32Array | null): logits is null {
    if (this.#signal?.aborted) this.reason = 'cancelled';
    else if (logits === null || this.tokens.length >= this.#options.maxTokens) this.reason = 'length';
    else return false;
    return true;
  }

  #choose(logits: Float32Array): number {
    penalizeRepetition(logits, this.#context.generated, this.#options.repetitionPenalty);
    return likeliestToken(logits);
  }
}
