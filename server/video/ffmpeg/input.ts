import type { DuetError } from '../../errors.js';
import { confiningOptions } from './confinement.js';

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
 * The options before an input: nothing but these protocols is opened, and nothing but these formats is read,
 * whatever its bytes say.
 */
export function inputOptions(protocols: readonly string[], formats: readonly string[]): readonly string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+verbose'],
    ...confiningOptions,
    ...['-protocol_whitelist', protocols.join(',')],
    ...['-format_whitelist', formats.join(',')],
  ];
}

/**
 * Containers and streams that hold the video in their own bytes. Playlists (HLS, ffconcat, DASH, SDP,
 * numbered images) are left out: they name further files, and ffmpeg recognises them by content, whatever the
 * file is called.
 */
export const selfContainedFormats: readonly string[] = [
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
  ...['h264', 'hevc', 'vvc', 'm4v', 'obu', 'av1', 'yuv4mpegpipe', 'mjpeg', 'gif', 'apng'],
  ...['jpeg_pipe', 'png_pipe', 'webp_pipe'],
];
