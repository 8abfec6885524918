import { open, type FileHandle } from 'node:fs/promises';

/**
 * The whole lines of a file, oldest first, without their ends. A last line without an end is one that was
 * being written and is left out; so is a line longer than any that is written.
 */
export async function* recordedLines(
  path: string,
  { from = 0, upTo = Infinity, onTooLong }: LineRange = {},
): AsyncGenerator<string, void> {
  const file = await open(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    let isTooLong = false;
    for (let at = from; at < upTo;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, upTo - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      let held = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const firstEnd = held.indexOf(newline);
      if (!isTooLong && (firstEnd === -1 ? held.length : firstEnd) > mostLineBytes) {
        isTooLong = true;
        onTooLong?.(path);
      }
      if (isTooLong) {
        isTooLong = firstEnd === -1;
        held = isTooLong ? Buffer.alloc(0) : held.subarray(firstEnd + 1);
      }
      const end = held.lastIndexOf(newline);
      if (end !== -1) yield* held.toString('utf8', 0, end).split('\n');
      rest = held.subarray(end + 1);
    }
  } finally {
    await file.close();
  }
}

interface LineRange {
  /** The byte to begin at. */
  readonly from?: number;
  /** The byte to end before. */
  readonly upTo?: number;
  readonly onTooLong?: OnTooLong | undefined;
}

/** Hears of each line that is too long and left out, by the path of its file. */
export type OnTooLong = (path: string) => void;

/** What is said of a file with such a line. */
export function tooLongLine(path: string): string {
  const most = `${mostLineBytes / 2 ** 20} MiB`;
  return `A line of ${path} is longer than ${most}, as Duet writes none, and is left out: see who else writes there`;
}

/** Cuts off a last line without an end, which was being written when the writer was killed. */
export async function cutTornTail(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const whole = await endOfWholeLines(file, size);
    if (whole < size) await file.truncate(whole);
  } finally {
    await file.close();
  }
}

async function endOfWholeLines(file: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(Math.min(size, chunkBytes));
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const found = block.subarray(0, bytesRead).lastIndexOf(newline);
    if (found !== -1) return start + found + 1;
    end = start;
  }
  return 0;
}

const newline = 0x0a;
const chunkBytes = 256 * 1024;

/**
 * The longest line is a header: it repeats eight texts and eight questions of 16 KiB at most, in which JSON
 * may write each byte with six.
 */
const mostLineBytes = 2 * 1024 * 1024;
