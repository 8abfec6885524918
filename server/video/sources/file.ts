import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { DuetError, isExhausted, toDuetError } from '../../errors.js';
import { inputOptions, selfContainedFormats } from '../ffmpeg/input.js';
import type { FfmpegInput } from '../ffmpeg/input.js';
import { decodeSource } from './decode-source.js';
import { refuseEncryptedMp4 } from './encrypted-mp4.js';
import type { SourceKind } from './source-kind.js';

/** A video file on this machine. */
export const fileSource: SourceKind<'file'> = {
  name: ({ path }) => path,
  open: ({ path }, options, signal) => decodeSource(() => fileInput(path, options.name), options, signal),
};

/**
 * Names a file to ffmpeg in such a way that only this file can be read.
 *
 * @throws DuetError 'not_found', 'source_failed' or 'invalid_request' for a file that cannot be read, or
 * whose first bytes show that it is not a video.
 */
export async function fileInput(path: string, name: string): Promise<FfmpegInput> {
  await requireReadableFile(path, name);
  // The prefix and the absolute path make sure that a name such as `-y`, `concat:a|b` or `http:x` is read as
  // a file name.
  const input = `file:${resolve(path)}`;
  return {
    input,
    environment: {},
    live: false,
    hide: (line) => line.replaceAll(input, name),
    failure: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
    options: inputOptions(['file'], selfContainedFormats),
  };
}

async function requireReadableFile(path: string, name: string): Promise<void> {
  if (path === '' || path.includes('\0')) {
    throw new DuetError('invalid_request', `${JSON.stringify(name)} cannot be the path of a video`);
  }
  try {
    const found = await stat(path);
    if (found.isDirectory())
      throw new DuetError('source_failed', `${name} is a directory; name a video file in it`);
    // A pipe or a device may never deliver anything, or never end.
    if (!found.isFile())
      throw new DuetError('source_failed', `${name} is not a regular file; name a video file`);
    if (found.size === 0)
      throw new DuetError('source_failed', `${name} is empty (0 bytes); was its copy or upload cut off?`);
    await access(path, constants.R_OK);
    await refuseOtherFiles(path, name);
  } catch (thrown) {
    throw fileError(name, thrown);
  }
}

function fileError(name: string, thrown: unknown): DuetError {
  if (thrown instanceof DuetError) return thrown;
  if (isExhausted(thrown)) return toDuetError(thrown);
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DuetError('not_found', `there is no file ${name}`, { cause: thrown });
    case 'EACCES':
    case 'EPERM':
      return new DuetError('source_failed', `${name} may not be read by this user; change its permissions`, {
        cause: thrown,
      });
    default:
      return new DuetError('source_failed', `${name} cannot be opened (${String(code)})`, { cause: thrown });
  }
}

/**
 * Rejects a file whose first bytes show that it is not a video, and says what it is, and an encrypted MP4.
 * Anything else that may be one passes.
 */
async function refuseOtherFiles(path: string, name: string): Promise<void> {
  await using file = await open(path, 'r');
  const read = async (at: number, length: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
    return buffer.subarray(0, bytesRead);
  };
  const kind = kindOf(await read(0, headLength), path);
  if (kind !== undefined) {
    throw new DuetError('source_failed', `${name} is not a video but ${kind}; give the video file itself`);
  }
  await refuseEncryptedMp4(name, read);
}

function kindOf(head: Buffer, path: string): string | undefined {
  const text = head.toString('latin1');
  const found = kinds.find(([begins]) => begins.test(text));
  if (found !== undefined) return found[1];
  if (playlist.test(text)) return 'a playlist, which names other files that are not opened';
  return !videoName.test(path) && isText(head) ? 'a text' : undefined;
}

/** The end of the head may split a character. */
function isText(head: Buffer): boolean {
  const text = head.toString('utf8').slice(0, head.length < headLength ? undefined : -4);
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/.test(text);
}

/** Number of bytes that are enough to recognise a file. */
const headLength = 4096;

/** First bytes of files that people often pass instead of a video. */
const kinds: readonly (readonly [begins: RegExp, kind: string])[] = [
  [/^%PDF-/, 'a PDF document'],
  [/^PK\x03\x04/, 'a ZIP archive or an office document'],
  [/^(\x1f\x8b|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\xfd7zXZ\0|BZh[1-9])/, 'a packed file'],
  [/^\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1/, 'an office document'],
  [/^(\x7fELF|MZ\x90\0|\xcf\xfa\xed\xfe)/, 'a program'],
  [/^\s*<(!doctype html|html)\b/i, 'a web page (HTML)'],
];

const playlist = /^\s*(#EXTM3U|ffconcat version|<\?xml[^>]*>\s*<MPD\b|<MPD\b|\[playlist\])/;

/** Files named like videos are left to ffmpeg, which knows best what is wrong with them. */
const videoName = /\.(3g[2p]|asf|avi|flv|m2?ts|m4v|mkv|mov|mp4|mpe?g|mxf|og[gmv]|vob|webm|wmv)$/i;
