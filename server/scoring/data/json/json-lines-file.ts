import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { DuetError } from '../../../errors.js';
import { fileFault } from './file-fault.js';
import type { Line } from './read-lines.js';

/**
 * A file of JSON lines written line by line. A process killed at any moment leaves whole lines and at most
 * one torn line at the end, which is dropped when writing continues.
 */
interface JsonLinesFile {
  /** Passes the line to the operating system at once, so that it survives the process. */
  writeLine(line: string): void;
  close(): void;
}

/** A file of lines as it was found. */
export interface FoundLines {
  readonly lines: readonly Line[];
  /** Bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** For a file that is overwritten, whatever it contains. */
export const nothingFound: FoundLines = { lines: [], wholeBytes: 0 };

/**
 * The whole lines of a file that may not exist yet. A last line without a line feed was torn when its process
 * ended, and is left out. Throws if that tail does not begin like our lines: then the file is not ours.
 */
export function findLines(file: string, beginning: string): FoundLines {
  const bytes = readIfThere(file);
  const wholeBytes = endOfWholeLines(bytes);
  const tail = bytes.subarray(wholeBytes).toString('latin1');
  const texts = decodeWhole(file, bytes.subarray(0, wholeBytes)).split('\n').slice(0, -1);
  if (!tail.startsWith(beginning) && !beginning.startsWith(tail)) {
    const place = { file, line: texts.length + 1 };
    throw fileFault(place, 'is not a line that was written here; choose another file to write to');
  }
  return { lines: texts.map((text, index) => ({ number: index + 1, text })), wholeBytes };
}

/** Opens a file to append to the whole lines found in it, dropping a torn one. */
export function carryOnWriting(file: string, { wholeBytes }: FoundLines): JsonLinesFile {
  const descriptor = opened(file);
  ftruncateSync(descriptor, wholeBytes);
  let position = wholeBytes;
  return {
    writeLine: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      for (let written = 0; written < bytes.length;) {
        const more = writeSync(descriptor, bytes, written, bytes.length - written, position);
        written += more;
        position += more;
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** Cuts a torn last line off a file that may be too large to read whole. */
export function dropTornLine(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    const block = Buffer.alloc(1 << 16);
    let end = fstatSync(descriptor).size;
    while (end > 0) {
      const start = Math.max(0, end - block.length);
      const bytesRead = readSync(descriptor, block, 0, end - start, start);
      const whole = endOfWholeLines(block.subarray(0, bytesRead));
      end = start + whole;
      if (whole > 0) break;
    }
    ftruncateSync(descriptor, end);
  } finally {
    closeSync(descriptor);
  }
}

/** The number of bytes up to the last line feed, itself included. */
function endOfWholeLines(bytes: Buffer): number {
  return bytes.lastIndexOf('\n') + 1;
}

function opened(file: string): number {
  try {
    // Creates the file if missing, and does not empty it if present.
    return openSync(file, constants.O_WRONLY | constants.O_CREAT);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', `${file}: cannot be written: ${reason}`, { cause });
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return Buffer.alloc(0);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', `${file}: cannot be read: ${reason}`, { cause });
  }
}

function decodeWhole(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DuetError('invalid_request', `${file}: is not valid UTF-8 text; choose another file`, {
      cause,
    });
  }
}
