/** Tokens a chat format adds to every message, about. */
const perMessage = 4;

/** Bytes of UTF-8 that make one token, about; the tokenizers of today's models take 4 to 5 for English prose. */
const bytesPerToken = 4;

/**
 * Tokens of the messages of a request, estimated from their length without any tokenizer. For English it errs on the
 * high side; for other scripts it may be off by a half either way.
 */
export function estimateTokens(contents: readonly string[]): number {
  return contents.reduce(
    (total, content) => total + perMessage + Math.ceil(Buffer.byteLength(content) / bytesPerToken),
    0,
  );
}
