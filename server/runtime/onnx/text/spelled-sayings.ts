import { Sayings, type Saying } from '../../detector/sayings.js';
import { sentencesSchema } from '../../detector/sentences.js';
import type { ChatTokenizer } from './tokenizer.js';

/** The true sentences of a model folder, each with its tokens. */
export class SpelledSayings extends Sayings {
  readonly #tokenizer: ChatTokenizer;
  /** Tokens by text, since most of what could be said stays the same from reply to reply. */
  readonly #tokens = new Map<string, readonly number[]>();

  /** `book`: what `sentences.json` holds. Throws a `ZodError` for anything else. */
  constructor(book: unknown, tokenizer: ChatTokenizer) {
    super(sentencesSchema.parse(book));
    this.#tokenizer = tokenizer;
  }

  spelled(saying: Saying): SpelledSaying {
    const { text } = saying;
    const tokens = this.#tokens.get(text) ?? this.#tokenizer.encode([{ type: 'text', text }]);
    if (this.#tokens.size >= mostKept) this.#tokens.clear();
    this.#tokens.set(text, tokens);
    return { ...saying, tokens };
  }
}

/** A saying with the tokens of its text. */
export interface SpelledSaying extends Saying {
  readonly tokens: readonly number[];
}

const mostKept = 20_000;
