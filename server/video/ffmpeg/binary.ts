import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { DuetError } from '../../errors.js';

/**
 * Finds ffmpeg: DUET_FFMPEG, else the PATH (5.0 or newer), else the bundled build of 2018, whose use
 * `requireAllowedFfmpeg` restricts. The result is cached for the process; a failed search is repeated at the
 * next call. Call it when the server starts, so that the first video does not wait for it.
 *
 * @throws DuetError 'unsupported' when there is none, saying what to install.
 */
export function locateFfmpeg(): Promise<FfmpegBinary> {
  located ??= searchFfmpeg(systemSearch).catch((thrown: unknown) => {
    located = undefined;
    throw thrown;
  });
  return located;
}

/** The uncached search behind {@link locateFfmpeg}. */
export async function searchFfmpeg(search: FfmpegSearch): Promise<FfmpegBinary> {
  const named = search.environment['DUET_FFMPEG'];
  if (named !== undefined && named !== '') return namedFfmpeg(named, search);
  const onPath = await identify('ffmpeg', 'path', search).catch(() => undefined);
  if (onPath !== undefined && onPath.libavcodec.major >= oldestLibavcodec) return onPath;
  try {
    return await identify(await search.findBundled(), 'bundled', search);
  } catch (cause) {
    const found =
      onPath === undefined
        ? 'no ffmpeg was found on the PATH'
        : `the ffmpeg on the PATH is ${onPath.version}, too old`;
    throw new DuetError('unsupported', `${found}, and none is bundled: ${remedy}`, { cause });
  }
}

/** An ffmpeg program that was found and runs. */
export interface FfmpegBinary {
  readonly path: string;
  /** As the program names itself, such as `5.1.9-0+deb12u1` or `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  /**
   * Version of its libavcodec (59.18 is ffmpeg 5.0). It tells the age even of builds named after a commit.
   */
  readonly libavcodec: { readonly major: number; readonly minor: number };
  /**
   * `environment`: DUET_FFMPEG; `path`: the PATH; `bundled`: the optional package @ffmpeg-installer/ffmpeg,
   * built in 2018.
   */
  readonly origin: 'environment' | 'path' | 'bundled';
}

let located: Promise<FfmpegBinary> | undefined;

/** What the search depends on; tests replace it. */
export interface FfmpegSearch {
  /** Environment variables; only DUET_FFMPEG is read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Runs `command -version` and returns its output; rejects if there is no such program. */
  readonly askVersion: (command: string) => Promise<string>;
  /** Path of the bundled program; rejects if the optional package is not installed. */
  readonly findBundled: () => Promise<string>;
}

const systemSearch: FfmpegSearch = {
  environment: process.env,
  askVersion: async (command) => {
    const { stdout } = await promisify(execFile)(command, ['-version'], {
      timeout: 15_000,
      windowsHide: true,
    });
    return stdout;
  },
  findBundled: async () => {
    const installer = await import('@ffmpeg-installer/ffmpeg');
    return installer.path;
  },
};

async function namedFfmpeg(path: string, search: FfmpegSearch): Promise<FfmpegBinary> {
  try {
    return await identify(path, 'environment', search);
  } catch (cause) {
    throw new DuetError('unsupported', `DUET_FFMPEG names ${path}, which does not run as ffmpeg: ${remedy}`, {
      cause,
    });
  }
}

async function identify(
  path: string,
  origin: FfmpegBinary['origin'],
  search: FfmpegSearch,
): Promise<FfmpegBinary> {
  const answer = await search.askVersion(path);
  const version = /^ffmpeg version (\S+)/m.exec(answer)?.[1];
  const libavcodec = /^libavcodec\s+(\d+)\. *(\d+)\./m.exec(answer);
  if (version === undefined || libavcodec === null) {
    throw new DuetError('unsupported', `${path} -version does not answer as ffmpeg does`);
  }
  return {
    path,
    version,
    libavcodec: { major: Number(libavcodec[1]), minor: Number(libavcodec[2]) },
    origin,
  };
}

/** The oldest major version of libavcodec accepted from the PATH: that of ffmpeg 5.0. */
const oldestLibavcodec = 59;

const remedy =
  'install ffmpeg 5 or newer (for example: apt install ffmpeg, brew install ffmpeg), ' +
  'or set DUET_FFMPEG to the path of one';

/** Whether a video can be trusted, and whether the operator accepts an old decoder. */
export interface FfmpegPolicy {
  /** The video is one of our samples, or the server listens on the loopback address only. */
  readonly trustedSource: boolean;
  /** The operator accepts the risk of an old decoder on unknown videos. */
  readonly allowBundled: boolean;
}

/** The policy when nothing is known: an old decoder is refused. */
export const strictFfmpegPolicy: FfmpegPolicy = { trustedSource: false, allowBundled: false };

/**
 * Refuses the bundled ffmpeg of 2018 for untrusted videos: its demuxers and decoders have known holes that a
 * crafted file can exploit.
 *
 * @throws DuetError 'unsupported', with the remedies.
 */
export function requireAllowedFfmpeg(binary: FfmpegBinary, policy: FfmpegPolicy): void {
  if (binary.origin !== 'bundled' || policy.trustedSource || policy.allowBundled) return;
  throw new DuetError(
    'unsupported',
    `the only ffmpeg found is the bundled build of 2018 (${binary.version}), ` +
      'which must not decode videos of unknown origin: install ffmpeg 5 or newer, ' +
      'or set DUET_FFMPEG to the path of one, or allow the bundled one explicitly',
  );
}

/**
 * Makes ffmpeg pass every frame through unchanged; by default it drops and repeats frames to keep a steady
 * rate. `-fps_mode` came with ffmpeg 5.1 and replaces the deprecated `-vsync`.
 */
export function passthroughOptions({ libavcodec: { major, minor } }: FfmpegBinary): string[] {
  const renamed = major > 59 || (major === 59 && minor >= 37);
  return renamed ? ['-fps_mode', 'passthrough'] : ['-vsync', '0'];
}
