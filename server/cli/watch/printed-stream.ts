import { ChangedFrames } from '../../video/changed-frames.js';
import type { VideoFrame } from '../../video/frame.js';
import type { FrameStream } from '../../video/stream.js';

/** A stream whose frames wait until what they lead to can be printed. */
export function printedStream(stream: FrameStream, ready: () => Promise<void>): FrameStream {
  return new ChangedFrames(stream, waiting(stream, ready));
}

async function* waiting(
  frames: AsyncIterable<VideoFrame>,
  ready: () => Promise<void>,
): AsyncGenerator<VideoFrame, void> {
  for await (const frame of frames) {
    await ready();
    yield frame;
  }
}
