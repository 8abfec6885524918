import { requireSamplingOptions } from './sampling/sampling-options.js';
import { openSource, sourceName } from './sources/kinds.js';
import type { VideoSource } from './sources/source.js';
import type { SourceOptions } from './sources/source-kind.js';
import type { FrameStream } from './stream.js';

/**
 * Opens a video and resolves when its first frame is decoded; for pushed pictures, at once.
 *
 * Aborting the signal, now or later, stops ffmpeg; pending calls then reject with 'cancelled'. Always dispose
 * of the stream.
 *
 * @throws DuetError 'not_found' or 'source_failed' saying what is wrong with the video, 'invalid_request' for
 * invalid options or addresses, 'unsupported' when no ffmpeg may be used, 'cancelled'.
 */
export async function openVideo(
  source: VideoSource,
  options: OpenVideoOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<FrameStream> {
  requireSamplingOptions(options);
  return openSource(source, { ...options, name: options.name ?? sourceName(source) }, signal);
}

/** How to open a video; everything but the sampling has a default. */
export interface OpenVideoOptions extends Omit<SourceOptions, 'name'> {
  /**
   * The video's name in messages; default the given path, or the address without its secrets. A server whose
   * clients must not learn the path sets it.
   */
  readonly name?: string;
}
