import { createReadStream } from 'node:fs';
import { DuetError } from '../../errors.js';
import { decoderFor } from './text-decoder.js';

/** One line of a text file, without its line end; `number` counts from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file that are not blank, one at a time, so that memory does not grow with the file.
 * Only line feeds end a line: a JSON string may hold the other Unicode line separators as they are.
 * Throws `not_found` for a file that cannot be opened and `invalid_request` for bytes that are no text.
 */
export async function* readLines(file: string): AsyncGenerator<Line> {
  let decoder: TextDecoder | null = null;
  let rest = '';
  let number = 0;
  try {
    for await (const bytes of createReadStream(file, { highWaterMark: 1 << 18 })) {
      const chunk = bytes as Buffer;
      decoder ??= decoderFor(file, chunk);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) {
        number += 1;
        if (text.trim() !== '') yield { number, text };
      }
    }
    rest += decoder?.decode() ?? '';
  } catch (thrown) {
    throw readingFault(file, number + 1, thrown);
  }
  if (rest.trim() !== '') yield { number: number + 1, text: rest };
}

/** Says why a file could not be read, in one line; what is already one of our errors passes unchanged. */
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
