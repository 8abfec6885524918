import type { DuetError } from '../../errors.js';
import { resourceLimitOptions } from './resource-limits.js';

/** How ffmpeg reads its input. The owner disposes of it once no ffmpeg reads it any more. */
export interface FfmpegInput extends AsyncDisposable {
  /** The value of `-i`. */
  readonly input: string;
  readonly options: readonly string[];
  /** What ffmpeg reads from its standard input, from the beginning each time it is started. */
  readonly bytes?: () => AsyncIterable<Uint8Array>;
  /** Variables added to the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it keeps coming while it is read and cannot be made to wait. */
  readonly live: boolean;
  /**
   * Whether what came so far tells that a live input has ended for good; default: nothing tells, so it may go
   * on when it is opened again.
   */
  readonly finished?: () => boolean;
  /** Seconds for which a live input may give no picture while all is well; default 5. */
  readonly quietSeconds?: number | undefined;
  /** A line of ffmpeg's output, with the video's name in place of its location. */
  readonly hide: (line: string) => string;
  /** Why the bytes did not arrive, which ffmpeg does not know; `cutOff` when they stopped midway. */
  readonly failure: () => { readonly error: DuetError; readonly cutOff: boolean } | undefined;
}

/**
 * Options before an input: only these protocols are opened and only these formats are read, whatever the
 * content says.
 */
export function inputOptions(protocols: readonly string[], formats: readonly string[]): readonly string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+verbose'],
    ...resourceLimitOptions,
    ...['-protocol_whitelist', protocols.join(',')],
    ...['-format_whitelist', formats.join(',')],
  ];
}

/**
 * Containers and streams that hold the video themselves. Playlists (HLS, ffconcat, DASH, SDP, numbered
 * images) are left out: they name other files, and ffmpeg recognises them by content, whatever the file is
 * called.
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
