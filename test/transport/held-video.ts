import type { VideoFrame } from '../../server/video/frame.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';

/** A video of three frames that stands still after so many until it is released or disposed of. */
export function heldVideo(after = 1): { stream: FakeStream; release: () => void } {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* frames(): AsyncGenerator<VideoFrame> {
    const all = fakeFrames([10, 20, 30]);
    yield* all.slice(0, after);
    await held;
    yield* all.slice(after);
  }
  const stream = new FakeStream(frames());
  const dispose = stream[Symbol.asyncDispose].bind(stream);
  stream[Symbol.asyncDispose] = () => {
    release();
    return dispose();
  };
  return { stream, release };
}
