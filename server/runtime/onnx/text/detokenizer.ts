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
