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
