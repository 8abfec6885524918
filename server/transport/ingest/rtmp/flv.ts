/** The beginning of an FLV file with pictures only. */
export const flvHeader: Uint8Array = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0]);

/**
 * One picture, or what the decoder must know beforehand, as a tag of an FLV file; `timestamp` in
 * milliseconds.
 */
export function flvVideoTag(timestamp: number, payload: Buffer): Uint8Array {
  const tag = Buffer.alloc(tagHeaderBytes + payload.length + 4);
  tag[0] = videoTag;
  tag.writeUIntBE(payload.length, 1, 3);
  tag.writeUIntBE(timestamp & 0xffffff, 4, 3);
  tag[7] = timestamp >>> 24;
  payload.copy(tag, tagHeaderBytes);
  tag.writeUInt32BE(tagHeaderBytes + payload.length, tag.length - 4);
  return tag;
}

const tagHeaderBytes = 11;
const videoTag = 9;
