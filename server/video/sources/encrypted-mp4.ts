import { DuetError } from '../../errors.js';

/**
 * Throws 'source_failed' for an MP4 whose pictures are encrypted (common encryption, ISO/IEC 23001-7): ffmpeg
 * decodes them as if they were not, to errors or to noise. Only its index is looked at, as far as it is
 * there.
 */
export async function refuseEncryptedMp4(name: string, read: ReadAt): Promise<void> {
  if (!(await holdsEncrypted(read, { from: 0, to: Infinity, boxesLeft: mostBoxes }))) return;
  throw new DuetError(
    'source_failed',
    `${name} is encrypted (its pictures are marked "encv") and cannot be played without its key; ` +
      'give a copy that is not encrypted',
  );
}

/** Up to `length` bytes from a place in the file; fewer, or none, where it ends. */
type ReadAt = (at: number, length: number) => Promise<Buffer>;

/** Bytes between the beginning of a box that leads to the descriptions of pictures and the boxes in it. */
const bytesBefore: ReadonlyMap<string, number> = new Map([
  ...['moov', 'trak', 'mdia', 'minf', 'stbl'].map((type) => [type, 8] as const),
  ['stsd', 16],
]);

/** Whether there is a description of encrypted pictures among the boxes of a part of the file. */
async function holdsEncrypted(read: ReadAt, part: Part): Promise<boolean> {
  for (let at = part.from; at + 8 <= part.to && part.boxesLeft > 0;) {
    part.boxesLeft -= 1;
    const header = await read(at, 16);
    if (header.length < 8) return false;
    const type = header.toString('latin1', 4, 8);
    if (at === 0 && !firstBoxes.has(type)) return false;
    if (type === 'encv') return true;
    const end = at + sizeOf(header);
    const before = bytesBefore.get(type);
    if (before !== undefined) {
      const inner = { from: at + before, to: Math.min(end, part.to), boxesLeft: part.boxesLeft };
      if (await holdsEncrypted(read, inner)) return true;
      part.boxesLeft = inner.boxesLeft;
    }
    if (type === 'moov' || end < at + 8) return false;
    at = end;
  }
  return false;
}

interface Part {
  readonly from: number;
  readonly to: number;
  /** Boxes that may still be looked at: a file can be nothing else. */
  boxesLeft: number;
}

const mostBoxes = 500;

const firstBoxes: ReadonlySet<string> = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide']);

/** Bytes of the box with such a header: 0 for one that lasts to the end of the file. */
function sizeOf(header: Buffer): number {
  const size = header.readUInt32BE(0);
  return size === 1 && header.length >= 16 ? Number(header.readBigUInt64BE(8)) : size;
}
