import type { PromptLayout } from '../../capabilities.js';

/**
 * How a layout spells its replies. `trained`: as the tokens say, without a last character that was not
 * completed. `reference`: as MMDuet's inference decodes them, with the clean-up of tokenisation spaces and
 * U+FFFD for such a last character.
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
  /** The characters that are settled with `token`; often none. */
  readonly push: (token: number) => string;
  /** What is left when the reply is over. */
  readonly end: () => string;
}

/**
 * Turns a growing row of tokens into text, whole characters only: the bytes of a character that is not
 * complete yet are held back. Bytes that can never become a character turn into U+FFFD, as UTF-8 decoders do.
 * What is still incomplete at the end is dropped unless {@link Detokenizer.end} is asked for it.
 */
export class Detokenizer {
  readonly #bytesOf: (token: number) => Uint8Array;
  // The decoder would otherwise swallow a byte order mark, which is a character like any other here.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `bytesOf` gives the bytes of a token; none for a special token. */
  constructor(bytesOf: (token: number) => Uint8Array) {
    this.#bytesOf = bytesOf;
  }

  /** The characters that `token` completes; often none. */
  push(token: number): string {
    return this.#decoder.decode(this.#bytesOf(token), { stream: true });
  }

  /** U+FFFD for a character that was not completed; empty where there is none. */
  end(): string {
    return this.#decoder.decode();
  }
}

/** What the clean-up replaces, pass by pass, in this order. */
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
 * Where a text may be cut so that the clean-up of both pieces is the clean-up of the whole: before a space
 * behind two letters or digits, and between two characters that stand in no pattern. Neither is ever removed,
 * and no pattern reaches across.
 */
const cuts = /(?<=[\p{L}\p{N}]{2})(?= )|(?<=[^ .?!,'ntmsver])(?=[^ .?!,'ntmsver])/gu;

/** Cleans up a text that comes part by part; what a later part may change is held back. */
export class CleanedText {
  #held = '';

  /** The part of the text that is settled now; often none. */
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
