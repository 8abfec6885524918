import type { LookupAddress } from 'node:dns';

import type { FfmpegBinary, FfmpegPolicy } from '../ffmpeg/binary.js';
import type { DecoderPlaces } from '../ffmpeg/decoder-places.js';
import type { RequestedSampling } from '../sampling/sampling-options.js';
import type { FrameStream } from '../stream.js';
import type { Time } from '../time.js';
import type { SourceTypes, VideoSource } from './source.js';

/** A kind of source: how one of them is named and opened. */
export interface SourceKind<Type extends keyof SourceTypes> {
  /** How messages name it by default: as it was given, without its secrets. */
  name(source: VideoSource<Type>): string;
  /**
   * Opens a source once, and resolves when its frames can be read: of a video, when the first one is
   * decoded. Whether it is live, the stream's `info` says. Trying again is for the `SourceHandler`.
   *
   * Aborting the signal, then or later, ends it; what is awaited then rejects with 'cancelled'. The caller
   * disposes of the stream.
   *
   * @throws DuetError 'not_found' or 'source_failed' with what is wrong with the source, 'invalid_request'
   * for one that cannot be, 'unsupported', 'cancelled'.
   */
  open(source: VideoSource<Type>, options: SourceOptions, signal: AbortSignal): Promise<FrameStream>;
}

/** How a source is opened; all but its name and the sampling has a default. */
export interface SourceOptions extends RequestedSampling {
  /** How messages name the source. */
  readonly name: string;
  /** Default: what `locateFfmpeg` finds. */
  readonly ffmpeg?: FfmpegBinary;
  /** Default: the bundled ffmpeg is refused. */
  readonly ffmpegPolicy?: FfmpegPolicy;
  /**
   * Whether an address may lead to this machine and to private networks, at any of its redirects and
   * segments; default true.
   */
  readonly allowPrivateUrls?: boolean;
  /**
   * How names are resolved and which addresses count as public; default: the system's resolver, and all of
   * the open internet.
   */
  readonly network?: NetworkRules;
  /**
   * Milliseconds for which the first picture, and each later one, is waited for before the video is given up.
   * Default: 120 s for a file, whose pictures may be far apart, and 30 s for an address; later ones have 10 s
   * more for every second between two samples.
   */
  readonly patienceMs?: { readonly first: number; readonly later: number };
  /** Bounds how many videos are decoded at once; default 64 in this process. */
  readonly places?: DecoderPlaces;
  /** Default: this machine's. */
  readonly time?: Time;
}

/** How addresses are resolved and judged. */
interface NetworkRules {
  /** All addresses of a host name; default the system's resolver. */
  readonly resolve?: ((hostname: string) => Promise<readonly LookupAddress[]>) | undefined;
  /** Which addresses are public; default all of the open internet. */
  readonly isPublic?: ((address: string) => boolean) | undefined;
}
