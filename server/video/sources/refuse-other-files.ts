import { open } from 'node:fs/promises';

import { DuetError } from '../../errors.js';

/** Bytes of the beginning that tell what a file is. */
const headLength = 4096;

/** First bytes of what is often given in the place of a video. */
const kinds: readonly (readonly [begins: RegExp, kind: string])[] = [
  [/^%PDF-/, 'a PDF document'],
  [/^PK\x03\x04/, 'a ZIP archive or an office document'],
  [/^(\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9])/, 'a packed file'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'an office document'],
  [/^(\x7fELF|MZ\x90\0|\xcf\xfa\xed\xfe)/, 'a program'],
  [/^\s*<(!doctype html|html)\b/i, 'a web page (HTML)'],
];

const playlist = /^\s*(#EXTM3U|ffconcat version|<\?xml[^>]*>\s*<MPD\b|<MPD\b|\[playlist\])/;

/** Files that claim to be videos are left to ffmpeg, which knows best what is wrong with them. */
const videoName = /\.(3g[2p]|asf|avi|flv|m2?ts|m4v|mkv|mov|mp4|mpe?g|mxf|og[gmv]|vob|webm|wmv)$/i;

/**
 * Refuses a file whose first bytes show that it is no video, and says what it is. What may be one passes.
 *
 * @param name how messages call it.
 * @throws DuetError 'source_failed'; what reading throws.
 */
export async function refuseOtherFiles(path: string, name: string): Promise<void> {
  const head = await readHead(path);
  const kind = kindOf(head, path);
  if (kind !== undefined) {
    throw new DuetError('source_failed', `${name} is not a video but ${kind}; give the video file itself`);
  }
}

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
  return buffer.subarray(0, bytesRead);
}

function kindOf(head: Buffer, path: string): string | undefined {
  const text = head.toString('latin1');
  const found = kinds.find(([begins]) => begins.test(text));
  if (found !== undefined) return found[1];
  if (playlist.test(text)) return 'a playlist, which names other files that are not opened';
  return !videoName.test(path) && isText(head) ? 'a text' : undefined;
}

/** The end of the head may cut a character in two. */
function isText(head: Buffer): boolean {
  const text = head.toString('utf8').slice(0, head.length < headLength ? undefined : -4);
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(text);
}
