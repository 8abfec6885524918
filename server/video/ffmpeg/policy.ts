import { DuetError } from '../../errors.js';
import type { FfmpegBinary } from './binary.js';

/** What the caller knows of a video and of its own exposure. */
export interface FfmpegPolicy {
  /** The video is one of our samples, or the server listens on the loopback address only. */
  readonly trustedSource: boolean;
  /** The operator has accepted the risk of an old decoder on unknown videos. */
  readonly allowBundled: boolean;
}

/** The policy where nothing is known: an old decoder is refused. */
export const strictFfmpegPolicy: FfmpegPolicy = { trustedSource: false, allowBundled: false };

/**
 * Refuses the bundled ffmpeg of 2018 for videos of strangers: since then holes were found in its demuxers and decoders that a crafted file can use.
 *
 * @throws DuetError 'unsupported', with the remedies.
 */
export function requireAllowedFfmpeg(binary: FfmpegBinary, policy: FfmpegPolicy): void {
  if (binary.origin !== 'bundled' || policy.trustedSource || policy.allowBundled) return;
  throw new DuetError(
    'unsupported',
    `the only ffmpeg found is the bundled build of 2018 (${binary.version}), which must not decode videos of unknown origin: ` +
      'install ffmpeg 5 or newer, or set DUET_FFMPEG to the path of one, or allow the bundled one explicitly',
  );
}
