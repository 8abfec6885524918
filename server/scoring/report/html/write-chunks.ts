import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DuetError } from '../../../errors.js';

/**
 * Writes text as it comes, no faster than it is taken. A file is written under another name beside it and renamed in the
 * end, so that it appears whole or not at all; a stream is left open.
 * @throws DuetError 'invalid_request' where the file cannot be written.
 */
export async function writeChunks(
  chunks: AsyncIterable<string>,
  out: NodeJS.WritableStream | string,
  signal?: AbortSignal,
): Promise<void> {
  const cancelling = signal === undefined ? {} : { signal };
  if (typeof out !== 'string') {
    await pipeline(Readable.from(chunks), out, { ...cancelling, end: false });
    return;
  }
  const draft = `${out}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(draft), cancelling);
    await rename(draft, out);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw writingFault(out, thrown);
  }
}

/** What the file system refused is told with the file's name; anything else passes unchanged. */
function writingFault(file: string, thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('syscall' in thrown)) return thrown;
  const message = `${file}: the report cannot be written: ${thrown.message}`;
  return new DuetError('invalid_request', message, { cause: thrown });
}
