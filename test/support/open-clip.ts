import { openVideo } from '../../server/video/open-video.js';
import type { OpenVideoOptions } from '../../server/video/open-video.js';
import type { VideoFrame } from '../../server/video/frame.js';
import type { FrameStream } from '../../server/video/stream.js';
import { clipSide, ffmpeg, readIndex } from './clips.js';

/**
 * How the tests open a clip, unless they say otherwise: two frames a second at the clip's own size, as fast
 * as possible.
 */
export const clipOptions: OpenVideoOptions = {
  fps: 2,
  sampler: 'timestamps',
  side: clipSide,
  pacing: 'fast',
  ffmpeg,
  ffmpegPolicy: { trustedSource: true, allowBundled: false },
};

/** Opens a file of the tests. */
export function openClip(
  path: string,
  options: Partial<OpenVideoOptions> = {},
  signal?: AbortSignal,
): Promise<FrameStream> {
  return openVideo({ type: 'file', path }, { ...clipOptions, ...options }, signal);
}

/** All frames of a stream. */
export async function readAll(stream: FrameStream): Promise<VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of stream) frames.push(frame);
  return frames;
}

/** Index (as written into the picture) and time of each frame of a clip. */
export async function readClip(
  path: string,
  options: Partial<OpenVideoOptions> = {},
): Promise<{ indices: number[]; times: number[] }> {
  await using stream = await openClip(path, options);
  const frames = await readAll(stream);
  return {
    indices: frames.map(({ picture }) => readIndex(picture)),
    times: frames.map(({ videoTime }) => videoTime),
  };
}
