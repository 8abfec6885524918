/**
 * The byte-level alphabet of GPT-2 and Qwen vocabularies: every byte has one printable character. Printable
 * Latin-1 bytes stand for themselves, the other 68 in order for U+0100 and following.
 */
export const byteAlphabet: readonly string[] = makeByteAlphabet();

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  byteAlphabet.map((character, byte) => [character, byte]),
);

/**
 * The bytes that a token of a byte-level vocabulary stands for, or null when it uses a character outside the
 * alphabet.
 */
export function bytesOfToken(token: string): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOfCharacter.get(character);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function makeByteAlphabet(): string[] {
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}
