import { createReadStream } from 'node:fs';
import { DuetError } from '../../../errors.js';

/** One line of a text file, without its line end; `number` counts from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * The non-blank lines of a text file, one at a time, so that memory does not grow with the file. Only line
 * feeds end a line: a JSON string may hold the other Unicode line separators as they are. Throws `not_found`
 * for a file that cannot be opened and `invalid_request` for bytes that are not text.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let decoder: TextDecoder | null = null;
  /** The line that has not ended; joined once, since a line may be a whole file. */
  let pieces: string[] = [];
  let number = 0;
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 18 })) {
      const chunk = bytes as Buffer;
      decoder ??= decoderFor(file, chunk);
      const [continued = '', ...begun] = decoder.decode(chunk, { stream: true }).split('\n');
      pieces.push(continued);
      for (const next of begun) {
        const text = pieces.join('');
        pieces = [next];
        number += 1;
        if (text.trim() !== '') yield { number, text };
      }
    }
    pieces.push(decoder?.decode() ?? '');
  } catch (thrown) {
    throw readingFault(file, number + 1, thrown);
  }
  const last = pieces.join('');
  if (last.trim() !== '') yield { number: number + 1, text: last };
}

/** An error that says in one line why a file could not be read; a DuetError is returned unchanged. */
export function readingFault(file: string, line: number, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof DuetError) return thrown;
  const code = 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT') return new DuetError('not_found', `${file}: no such file`, { cause: thrown });
  if (code === 'EISDIR') {
    return new DuetError('invalid_request', `${file}: is a folder; a file is needed`, { cause: thrown });
  }
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new DuetError('invalid_request', `${file}:${line}: is not valid UTF-8 text; save it as UTF-8`, {
      cause: thrown,
    });
  }
  if (code.startsWith('E')) {
    return new DuetError('invalid_request', `${file}: cannot be read (${code})`, { cause: thrown });
  }
  return thrown;
}

/** How compressed files begin, and the command that unpacks them. */
const packings = [
  { name: 'gzip', start: [0x1f, 0x8b], unpack: 'gunzip' },
  { name: 'zip', start: [0x50, 0x4b, 0x03, 0x04], unpack: 'unzip' },
  { name: 'zstd', start: [0x28, 0xb5, 0x2f, 0xfd], unpack: 'unzstd' },
  { name: 'xz', start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], unpack: 'unxz' },
  { name: 'bzip2', start: [0x42, 0x5a, 0x68], unpack: 'bunzip2' },
] as const;

/**
 * A decoder chosen by the first bytes of a text file: UTF-16 if a byte order mark says so, as PowerShell
 * writes, else UTF-8. The mark itself is dropped. Throws 'invalid_request' for a compressed file.
 */
export function decoderFor(file: string, beginning: Uint8Array): TextDecoder {
  const begins = (start: readonly number[]) => start.every((byte, index) => beginning[index] === byte);
  const packing = packings.find(({ start }) => begins(start));
  if (packing !== undefined) {
    const remedy = `unpack it first, as in: ${packing.unpack} ${JSON.stringify(file)}`;
    throw new DuetError('invalid_request', `${file}: is packed with ${packing.name}; ${remedy}`);
  }
  const encoding = begins([0xff, 0xfe]) ? 'utf-16le' : begins([0xfe, 0xff]) ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}
