import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { maxTokenizerBytes, readJsonFile } from '../../../read-json-file.js';
import type { Piece } from './chat-layout.js';

/**
 * Reads a `tokenizer.json`. Throws 'model_failed' if it is not readable, and what {@link createTokenizer}
 * throws.
 */
export async function readTokenizer(
  path: string,
  special: { start: number; end: number },
): Promise<ChatTokenizer> {
  const json = await readJsonFile(path, maxTokenizerBytes).catch((cause: unknown) => {
    throw new DuetError('model_failed', `${path} is not readable JSON: ${String(cause)}`, { cause });
  });
  try {
    return createTokenizer(json, special);
  } catch (thrown) {
    if (thrown instanceof DuetError) throw thrown;
    // What the library says of a part that it does not know.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DuetError(
      'unsupported',
      `${path} is no tokenizer that this runtime reads (${reason}); take the one that came with the model`,
      { cause: thrown },
    );
  }
}

/**
 * Creates a tokenizer from the contents of a `tokenizer.json` with byte-level BPE (Qwen, GPT-2). Special
 * tokens are removed before the library sees the file, so that `<|im_end|>` typed by a user is ordinary text.
 * Throws 'unsupported' for other kinds of tokenizers.
 */
export function createTokenizer(json: unknown, special: { start: number; end: number }): ChatTokenizer {
  const file = parseTokenizerFile(json);
  const added = new Set(file.added_tokens.map((token) => token.content));
  const vocabulary = Object.entries(file.model.vocab).filter(([content]) => !added.has(content));
  requireByteLevel(new Set(vocabulary.map(([content]) => content)));
  const plain = new Tokenizer(
    { ...file, added_tokens: [], model: { ...file.model, vocab: Object.fromEntries(vocabulary) } },
    {},
  );
  const bytes = tokenBytes(vocabulary, file);
  const nothing = new Uint8Array(0);
  return {
    encode: (pieces, owed = []) =>
      pieces.flatMap((piece) => {
        if (piece.type === 'owed') return owed;
        if (piece.type !== 'text') return [special[piece.type]];
        return piece.text === '' ? [] : plain.encode(piece.text, { add_special_tokens: false }).ids;
      }),
    bytesOf: (token) => bytes.get(token) ?? nothing,
  };
}

/** Converts markup and text to token ids and back. Text never becomes a special token. */
export interface ChatTokenizer {
  /**
   * The ids of markup and text, with `owed` for an owed piece. Each text piece is encoded on its own, so its
   * tokens do not depend on its neighbours.
   */
  readonly encode: (pieces: readonly Piece[], owed?: readonly number[]) => number[];
  /** The UTF-8 bytes of a token; none for special and unknown tokens. */
  readonly bytesOf: (token: number) => Uint8Array;
}

/** The parts of a `tokenizer.json` that we read ourselves; the library reads the rest. */
const tokenizerFileSchema = z.looseObject({
  model: z.looseObject({ type: z.literal('BPE'), vocab: z.record(z.string(), z.int().nonnegative()) }),
  added_tokens: z
    .array(z.looseObject({ id: z.int().nonnegative(), content: z.string().min(1), special: z.boolean() }))
    .default([]),
});

type TokenizerFile = z.infer<typeof tokenizerFileSchema>;

function parseTokenizerFile(json: unknown): TokenizerFile {
  const parsed = tokenizerFileSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DuetError(
    'unsupported',
    'tokenizer.json is not a byte-level BPE tokenizer that this runtime reads: ' +
      z.prettifyError(parsed.error),
  );
}

function requireByteLevel(contents: ReadonlySet<string>): void {
  const missing = byteAlphabet.filter((character) => !contents.has(character));
  if (missing.length === 0) return;
  throw new DuetError(
    'unsupported',
    `tokenizer.json lacks tokens for ${missing.length} of the 256 bytes, so some text could not ` +
      'be encoded; use a byte-level BPE tokenizer',
  );
}

function tokenBytes(
  vocabulary: readonly (readonly [string, number])[],
  file: TokenizerFile,
): Map<number, Uint8Array> {
  const bytes = new Map<number, Uint8Array>();
  for (const [content, id] of vocabulary) {
    const ofToken = bytesOfToken(content);
    if (ofToken !== null) bytes.set(id, ofToken);
  }
  // Added tokens are stored as plain text, not in the byte alphabet.
  for (const token of file.added_tokens) {
    if (!token.special) bytes.set(token.id, new TextEncoder().encode(token.content));
  }
  return bytes;
}

/**
 * The byte-level alphabet of GPT-2 and Qwen vocabularies: every byte has one printable character. Printable
 * Latin-1 bytes map to themselves, the other 68 to U+0100 and up, in order.
 */
export const byteAlphabet: readonly string[] = makeByteAlphabet();

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  byteAlphabet.map((character, byte) => [character, byte]),
);

/** The bytes of a token in a byte-level vocabulary, or null if it has a character outside the alphabet. */
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
