/** Tokens a chat format adds to every message, about. */
const perMessage = 4;

/** Bytes of UTF-8 that make one token, about. */
const bytesPerToken = 4;

/**
 * Tokens of the messages of a request, estimated from their length without any tokenizer. Against the o200k tokenizer,
 * over a hundred English cases with their prompts, it came out 7 % (agreement) and 10 % (coverage) too high; a sentence
 * in another script came out up to 30 % too low (Chinese) or 80 % too high (Hindi).
 */
export function estimateTokens(contents: readonly string[]): number {
  return contents.reduce(
    (total, content) => total + perMessage + Math.ceil(Buffer.byteLength(content) / bytesPerToken),
    0,
  );
}
