import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { DuetError, isExhausted, toDuetError } from '../../errors.js';
import { openAddress } from '../sources/url/open-address.js';
import type { OpenedAddress } from '../sources/url/open-address.js';
import type { ResolveRules } from '../sources/url/http/resolve-address.js';
import type { Passage } from '../sources/url/gateway.js';
import { confiningOptions } from './confinement.js';
import { refuseOtherFiles } from '../sources/refuse-other-files.js';
import type { VideoSource } from '../sources/source.js';
import { sourceName } from '../sources/source.js';

/** How ffmpeg reads its input; the holder disposes of it when no ffmpeg reads it any more. */
export interface FfmpegInput extends AsyncDisposable {
  /** What follows `-i`. */
  readonly input: string;
  readonly options: readonly string[];
  /** Variables added to the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it goes on while it is read, and cannot be made to wait. */
  readonly live: boolean;
  /** A line of ffmpeg's, with the name of the video in the place of where it really lies. */
  readonly hide: (line: string) => string;
  /** Why its bytes did not come, which ffmpeg does not know; `cutOff` when they broke off in the middle. */
  readonly failure: () => { readonly error: DuetError; readonly cutOff: boolean } | undefined;
}

/**
 * Containers and streams that hold the video in their own bytes. Playlists (HLS, ffconcat, DASH, SDP,
 * numbered images) are left out: they name further files, and ffmpeg recognises them by content, whatever the
 * file is called.
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

/**
 * What segments of an HLS playlist are, beside the playlist itself; sound in files of its own is recognised,
 * so that it can be said to be no video.
 */
const playlistFormats = ['hls', 'mpegts', 'mov', 'aac', 'mp3', 'ac3', 'eac3', 'webvtt'];

const commonOptions = [
  '-hide_banner',
  '-nostdin',
  '-nostats',
  '-loglevel',
  'level+verbose',
  ...confiningOptions,
];

/** How an input is named, and what an address may lead to. */
export interface FfmpegInputOptions extends Pick<ResolveRules, 'resolve' | 'isPublic'> {
  /** Default: the source's own name. */
  readonly name?: string;
  /** Default: true. */
  readonly allowPrivate?: boolean;
}

/**
 * Checks a source as far as that is possible without decoding, and names it to ffmpeg such that nothing but
 * this file or address, and for an address what it leads to over http(s), can be read. An address is fetched
 * by this process; ffmpeg gets what comes from a gateway on the loopback address.
 *
 * @throws DuetError 'not_found', 'source_failed' or 'invalid_request'; what aborted the signal.
 */
export async function ffmpegInput(
  source: VideoSource,
  options: FfmpegInputOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<FfmpegInput> {
  const name = options.name ?? sourceName(source);
  if (source.type === 'file') return fileInput(source.path, name);
  const { allowPrivate = true } = options;
  return addressInput(await openAddress(source.url, { ...options, name, allowPrivate }, signal));
}

async function fileInput(path: string, name: string): Promise<FfmpegInput> {
  await requireReadableFile(path, name);
  // The prefix and the absolute path keep a name such as `-y`, `concat:a|b` or `http:x` what it is: a file's
  // name.
  const input = `file:${resolve(path)}`;
  return {
    input,
    environment: {},
    live: false,
    hide: (line) => line.replaceAll(input, name),
    failure: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
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

function addressInput({ gateway, input, passage, live }: OpenedAddress): FfmpegInput {
  return {
    input,
    // Of what ffmpeg opens by itself, which is http alone, everything goes to the gateway, which gives only
    // what it has named.
    environment: { http_proxy: gateway.origin },
    live,
    hide: (line) => gateway.hide(line),
    failure: () =>
      gateway.failure && { error: gateway.failure, cutOff: gateway.cutOff && passage === 'media' },
    options: [
      ...commonOptions,
      ...['-protocol_whitelist', 'http,tcp,crypto'],
      ...['-format_whitelist', addressFormats[passage].join(',')],
      // Pictures of a camera carry no times: they are what they are when they come.
      ...(passage === 'camera' ? ['-use_wallclock_as_timestamps', '1', '-f', 'mpjpeg'] : []),
    ],
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const addressFormats: Readonly<Record<Passage, readonly string[]>> = {
  playlist: playlistFormats,
  camera: ['mpjpeg'],
  media: selfContainedFormats,
};
