import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { DuetError } from '../errors.js';
import { confiningOptions } from './ffmpeg-confinement.js';
import type { VideoSource } from './source.js';
import { sourceName } from './source.js';

/** What ffmpeg is told of its input. */
export interface FfmpegInput {
  /** What follows `-i`. */
  readonly input: string;
  readonly options: readonly string[];
}

/** Pixels of the largest picture decoded, any shape (4K has 8.8 million); a file of 97 KB can declare one that fills the memory. */
export const maxPixels = 4096 * 4096;

/**
 * Containers and streams that hold the video in their own bytes. Playlists (HLS, ffconcat, DASH, SDP, numbered images) are left out: they name further
 * files, and ffmpeg recognises them by content, whatever the file is called.
 */
const selfContainedFormats = [
  ...[
    'mov',
    'matroska',
    'avi',
    'flv',
    'ogg',
    'asf',
    'mxf',
    'nut',
    'ivf',
    'mpegts',
    'mpeg',
    'mpegvideo',
    'dv',
  ],
  ...[
    'h264',
    'hevc',
    'vvc',
    'm4v',
    'obu',
    'av1',
    'yuv4mpegpipe',
    'mjpeg',
    'gif',
    'apng',
    'jpeg_pipe',
    'png_pipe',
    'webp_pipe',
  ],
];

/** Microseconds without a byte after which ffmpeg gives an address up. */
const networkTimeout = 15_000_000;

const commonOptions = [
  '-hide_banner',
  '-nostdin',
  '-nostats',
  '-loglevel',
  'level+info',
  '-max_pixels',
  String(maxPixels),
  ...confiningOptions,
];

/**
 * Checks a source as far as that is possible without decoding, and names it to ffmpeg such that nothing but this file or address, and for an address what
 * it leads to over http(s), can be read.
 *
 * @throws DuetError 'not_found', 'source_failed' or 'invalid_request'
 */
export async function ffmpegInput(source: VideoSource, name = sourceName(source)): Promise<FfmpegInput> {
  return source.type === 'file' ? fileInput(source.path, name) : urlInput(source.url, name);
}

async function fileInput(path: string, name: string): Promise<FfmpegInput> {
  await requireReadableFile(path, name);
  return {
    // The prefix and the absolute path keep a name such as `-y`, `concat:a|b` or `http:x` what it is: a file's name.
    input: `file:${resolve(path)}`,
    options: [
      ...commonOptions,
      '-protocol_whitelist',
      'file',
      '-format_whitelist',
      selfContainedFormats.join(','),
    ],
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
    // A pipe or a device may never end, or never begin.
    if (!found.isFile())
      throw new DuetError('source_failed', `${name} is not a regular file; name a video file`);
    if (found.size === 0)
      throw new DuetError('source_failed', `${name} is empty (0 bytes); was its copy or upload cut off?`);
    await access(path, constants.R_OK);
  } catch (thrown) {
    throw fileError(name, thrown);
  }
}

function fileError(name: string, thrown: unknown): DuetError {
  if (thrown instanceof DuetError) return thrown;
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

function urlInput(address: string, name: string): FfmpegInput {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new DuetError(
      'invalid_request',
      `${name} is not an address that can be opened; it must begin with http:// or https://`,
    );
  }
  return {
    input: url.href,
    options: [
      ...commonOptions,
      ...['-protocol_whitelist', 'http,https,tls,tcp,crypto'],
      ...['-format_whitelist', [...selfContainedFormats, 'hls'].join(',')],
      ...['-rw_timeout', String(networkTimeout)],
    ],
  };
}
