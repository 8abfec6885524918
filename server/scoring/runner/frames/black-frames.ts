import type { VideoFrame } from '../../../video/frame.js';

/** Black pictures of the same size at the same times. */
export async function* blackFrames(frames: AsyncIterable<VideoFrame>): AsyncGenerator<VideoFrame> {
  for await (const frame of frames) {
    const { width, height, rgb } = frame.picture;
    yield { ...frame, picture: { width, height, rgb: new Uint8Array(rgb.length) } };
  }
}
