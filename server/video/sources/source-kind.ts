import type { LookupAddress } from 'node:dns';

import type { FfmpegBinary, FfmpegPolicy } from '../ffmpeg/binary.js';
import type { DecoderPlaces } from '../ffmpeg/decoder-places.js';
import type { RequestedSampling } from '../sampling/sampling-options.js';
import type { FrameStream } from '../stream.js';
import type { Time } from '../time.js';
import type { SourceTypes, VideoSource } from './source.js';

/** A kind of source: how it is named and opened. */
export interface SourceKind<Type extends keyof SourceTypes> {
  /** Default name in messages: as it was given, without its secrets. */
  name(source: VideoSource<Type>): string;
  /**
   * Whether the source is live whatever it sends, as an RTSP address shows; default false: its stream tells.
   */
  isLive?(source: VideoSource<Type>): boolean;
  /**
   * Opens a source once and resolves when its frames can be read; for a video, when the first one is decoded.
   * The stream's `info` says whether it is live. Retrying is up to the `SourceHandler`.
   *
   * Aborting the signal, now or later, ends it; pending calls then reject with 'cancelled'. The caller
   * disposes of the stream.
   *
   * @throws DuetError 'not_found' or 'source_failed' saying what is wrong with the source, 'invalid_request'
   * for an invalid one, 'unsupported', 'cancelled'.
   */
  open(source: VideoSource<Type>, options: SourceOptions, signal: AbortSignal): Promise<FrameStream>;
}

/** How to open a source; everything but its name and the sampling has a default. */
export interface SourceOptions extends RequestedSampling {
  /** The source's name in messages. */
  readonly name: string;
  /** Default: what `locateFfmpeg` finds. */
  readonly ffmpeg?: FfmpegBinary;
  /** Default: the bundled ffmpeg is refused. */
  readonly ffmpegPolicy?: FfmpegPolicy;
  /**
   * Whether an address, its redirects and its segments may lead to this machine and to private networks;
   * default true.
   */
  readonly allowPrivateUrls?: boolean;
  /**
   * How names are resolved and which addresses count as public; default: the system's resolver and the whole
   * public internet.
   */
  readonly network?: NetworkRules;
  /**
   * Milliseconds to wait for the first picture, and for each later one, before giving up. Default: 120 s for
   * a file, whose pictures may be far apart, and 30 s for an address; later pictures get 10 s more for every
   * second between two samples.
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
  /** Whether an address is public; default `isPublicAddress`. */
  readonly isPublic?: ((address: string) => boolean) | undefined;
}
