import type { ReplyEnd, ReplyOptions } from '../../model.js';

/** One greedy reply. Its last token is not fed yet: if the reply is kept, it is fed with what follows. */
export class Generation {
  readonly tokens: number[] = [];
  /** Valid once {@link run} ends; an abandoned generation counts as cancelled. */
  reason: ReplyEnd = 'cancelled';
  /** The last token chosen, an end token included; null when there was none. */
  last: number | null = null;
  /** Sum of the logarithms of the probabilities of the tokens chosen, and how many, an end token included. */
  #logProbabilities = 0;
  #chosen = 0;
  readonly #context: GenerationContext;
  readonly #options: ReplyOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(context: GenerationContext, options: ReplyOptions, signal?: AbortSignal) {
    this.#context = context;
    this.#options = options;
    this.#signal = signal;
  }

  /** The geometric mean of the probabilities of the tokens chosen; null where there were none. */
  get confidence(): number | null {
    return this.#chosen === 0 ? null : Math.exp(this.#logProbabilities / this.#chosen);
  }

  /** Yields one token at a time; `first` holds the logits after the assistant's opening. */
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
      this.#context.note(token);
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
    penalizeRepetition(logits, this.#context.generated.tokens, this.#options.repetitionPenalty);
    const { among } = this.#context;
    const token = among === undefined ? likeliestToken(logits) : likeliestOf(among.next, logits);
    among?.take(token);
    this.#logProbabilities += logProbability(logits, token);
    this.#chosen += 1;
    return token;
  }
}

/** What a generation needs of its context. */
interface GenerationContext {
  /** Feeds a generated token and returns the logits for the next, or null when the context is full. */
  readonly feed: (token: number) => Promise<Float32Array | null>;
  /** The tokens generated in this context so far, removed replies included. */
  readonly generated: { readonly tokens: Iterable<number> };
  /** Adds a token to them. */
  readonly note: (token: number) => void;
  /** Tokens that end a reply; they are not penalised and not part of it. */
  readonly endsReply: ReadonlySet<number>;
  /** What the reply is kept to; absent: it is free. */
  readonly among?: { readonly next: ReadonlySet<number>; readonly take: (token: number) => void };
}

/**
 * Makes tokens that were generated before less likely, in place: positive logits are divided by `penalty`,
 * negative ones multiplied (Keskar et al. 2019, CTRL; each token once, however often it was generated). A
 * penalty of 1 changes nothing.
 */
export function penalizeRepetition(logits: Float32Array, generated: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of generated) {
    const logit = logits[token];
    if (logit === undefined) continue;
    logits[token] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** The logarithm of the probability that a softmax of the logits gives a token. */
function logProbability(logits: Float32Array, token: number): number {
  const most = logits[token] ?? 0;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return -Math.log(sum);
}

/** The one of some tokens with the largest logit. */
function likeliestOf(tokens: ReadonlySet<number>, logits: Float32Array): number {
  const logitOf = (token: number) => logits[token] ?? Number.NEGATIVE_INFINITY;
  return [...tokens].reduce((best, token) => (logitOf(token) > logitOf(best) ? token : best));
}

/** The index of the largest logit, the first of equals. */
export function likeliestToken(logits: Float32Array): number {
  let best = 0;
  let bestLogit = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] ?? Number.NEGATIVE_INFINITY;
    if (logit > bestLogit) {
      bestLogit = logit;
      best = token;
    }
  }
  return best;
}
