import type { PromptLayout } from '../../capabilities.js';

/**
 * Decodes replies in a layout. `trained`: the tokens' text, without an incomplete last character.
 * `reference`: as in MMDuet's inference code, with tokenisation spaces cleaned up and U+FFFD for an
 * incomplete last character.
 */
export function replyText(layout: PromptLayout, bytesOf: (token: number) => Uint8Array): ReplyText {
  const detokenizer = new Detokenizer(bytesOf);
  if (layout === 'trained') return { push: (token) => detokenizer.push(token), end: () => '' };
  const cleaned = new CleanedText();
  return {
    push: (token) => cleaned.push(detokenizer.push(token)),
    end: () => cleaned.push(detokenizer.end()) + cleaned.end(),
  };
}

/** Turns the tokens of one reply into its text. */
interface ReplyText {
  /** The characters that `token` completes; often none. */
  readonly push: (token: number) => string;
  /** The rest of the text when the reply ends. */
  readonly end: () => string;
}

/**
 * Turns tokens into text as they arrive, whole characters only: the bytes of an incomplete character are held
 * back. Invalid bytes become U+FFFD, as in any UTF-8 decoder. An incomplete last character is dropped unless
 * {@link Detokenizer.end} is called.
 */
export class Detokenizer {
  readonly #bytesOf: (token: number) => Uint8Array;
  // Keeps a byte order mark, which is an ordinary character here.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `bytesOf` returns the bytes of a token; none for a special token. */
  constructor(bytesOf: (token: number) => Uint8Array) {
    this.#bytesOf = bytesOf;
  }

  /** The characters that `token` completes; often none. */
  push(token: number): string {
    return this.#decoder.decode(this.#bytesOf(token), { stream: true });
  }

  /** U+FFFD for an incomplete last character, otherwise nothing. */
  end(): string {
    return this.#decoder.decode();
  }
}

/** What the clean-up replaces, in this order. */
const passes: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/**
 * The clean-up of tokenisation spaces in Hugging Face's tokenizers: "world ." becomes "world.", "is n't"
 * becomes "isn't".
 */
export function cleanUp(text: string): string {
  return passes.reduce((cleaned, [from, to]) => cleaned.replaceAll(from, to), text);
}

/**
 * Where a text can be split so that cleaning up both pieces equals cleaning up the whole: before a space that
 * follows two letters or digits, and between two characters that occur in no pattern. No pattern reaches
 * across these places.
 */
const cuts = /(?<=[\p{L}\p{N}]{2})(?= )|(?<=[^ .?!,'ntmsver])(?=[^ .?!,'ntmsver])/gu;

/** Cleans up a text that arrives in parts; what a later part may change is held back. */
export class CleanedText {
  #held = '';

  /** The text that can no longer change; often none. */
  push(text: string): string {
    this.#held += text;
    const last = [...this.#held.matchAll(cuts)].at(-1)?.index ?? 0;
    const settled = this.#held.slice(0, last);
    this.#held = this.#held.slice(last);
    return cleanUp(settled);
  }

  /** What was held back. */
  end(): string {
    const rest = cleanUp(this.#held);
    this.#held = '';
    return rest;
  }
}
