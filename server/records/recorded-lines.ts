import { open } from 'node:fs/promises';

/**
 * The whole lines of a file, oldest first, without their ends. A last line without an end is one that was
 * being written and is left out; so is everything after a line longer than any event can be. `from` is the
 * byte to begin at, `upTo` the one to end before.
 */
export async function* recordedLines(
  path: string,
  { from = 0, upTo = Infinity }: { from?: number; upTo?: number } = {},
): AsyncGenerator<string, void> {
  const file = await open(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for (let at = from; at < upTo;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, upTo - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const held = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const end = held.lastIndexOf(newline);
      if (end === -1 && held.length > mostLineBytes) return;
      if (end !== -1) yield* held.toString('utf8', 0, end).split('\n');
      rest = held.subarray(end + 1);
    }
  } finally {
    await file.close();
  }
}

/** Cuts off a last line without an end, which was being written when the writer was killed. */
export async function cutTornTail(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, mostLineBytes));
    await file.read(tail, 0, tail.length, size - tail.length);
    const whole = size - tail.length + tail.lastIndexOf(newline) + 1;
    if (whole < size) await file.truncate(whole);
  } finally {
    await file.close();
  }
}

const newline = 0x0a;
const chunkBytes = 256 * 1024;

/** The longest event is a text of 16 KiB, in which JSON may write each byte with six. */
const mostLineBytes = 1024 * 1024;
