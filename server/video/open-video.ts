import { requireSamplingOptions } from './sampling/sampling-options.js';
import { openSource, sourceName } from './sources/kinds.js';
import type { VideoSource } from './sources/source.js';
import type { SourceOptions } from './sources/source-kind.js';
import type { FrameStream } from './stream.js';

/**
 * Opens a video and resolves when its first frame is decoded; of pictures that are pushed, at once.
 *
 * Aborting the signal, then or later, stops ffmpeg; what is awaited then rejects with 'cancelled'. Dispose
 * the stream in any case.
 *
 * @throws DuetError 'not_found' or 'source_failed' with what is wrong with the video, 'invalid_request' for
 * options or addresses that cannot be, 'unsupported' where no ffmpeg may be used, 'cancelled'.
 */
export async function openVideo(
  source: VideoSource,
  options: OpenVideoOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<FrameStream> {
  requireSamplingOptions(options);
  return openSource(source, { ...options, name: options.name ?? sourceName(source) }, signal);
}

/** How a video is opened; all but the sampling has a default. */
export interface OpenVideoOptions extends Omit<SourceOptions, 'name'> {
  /**
   * How messages name the video; default the path as given, or the address without its secrets. A server
   * whose clients do not know the path says so here.
   */
  readonly name?: string;
}
