/**
 * Whether an MP4 has its index (`moov`) behind its pictures (`mdat`), so that it can only be read by one who
 * may jump in it.
 *
 * @param head its first bytes.
 * @returns null when the bytes are not those of an MP4, or too few to tell.
 */
export function indexLiesAtTheEnd(head: Buffer): boolean | null {
  let at = 0;
  for (let box = 0; at + 8 <= head.length; box += 1) {
    const type = head.toString('latin1', at + 4, at + 8);
    if (box === 0 && type !== 'ftyp') return null;
    if (type === 'moov' || type === 'moof') return false;
    if (type === 'mdat') return true;
    const short = head.readUInt32BE(at);
    if (short === 1 && at + 16 > head.length) return null;
    const size = short === 1 ? Number(head.readBigUInt64BE(at + 8)) : short;
    if (size < 8) return null;
    at += size;
  }
  return null;
}
