import type { VideoFrame } from '../../server/video/frame.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';

/** A video that stands still after its first frame until it is released or disposed of. */
export function heldVideo(): { stream: FakeStream; release: () => void } {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* frames(): AsyncGenerator<VideoFrame> {
    const [first, ...others] = fakeFrames([10, 20, 30]);
    if (first) yield first;
    await held;
    yield* others;
  }
  const stream = new FakeStream(frames());
  const dispose = stream[Symbol.asyncDispose].bind(stream);
  stream[Symbol.asyncDispose] = () => {
    release();
    return dispose();
  };
  return { stream, release };
}
