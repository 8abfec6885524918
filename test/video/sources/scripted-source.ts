import { DuetError } from '../../../server/errors.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import type { HandledSource, SourceState } from '../../../server/video/sources/handled-source.js';
import type { SourceOptions } from '../../../server/video/sources/source-kind.js';
import type { FrameStream } from '../../../server/video/stream.js';
import { FakeStream, fakeFrames } from '../../support/fake-stream.js';
import { ManualTime } from '../../support/manual-time.js';

/** What every scripted connection fails with. */
export const broken = new DuetError('source_failed', 'the camera went away');

/** A connection: this many frames at two a second, then an error if there is one. */
export function connection(
  frames: number,
  { error, live = true }: { error?: Error; live?: boolean } = {},
): FakeStream {
  async function* play(): AsyncGenerator<VideoFrame> {
    yield* fakeFrames(Array.from({ length: frames }, (_, i) => i));
    await Promise.resolve();
    if (error !== undefined) throw error;
  }
  return new FakeStream(play(), { live });
}

/** A source with scripted attempts, and a record of what happened. */
export function scripted(attempts: readonly (FrameStream | Error)[], more: Partial<HandledSource> = {}) {
  const states: SourceState[] = [];
  const asked: SourceOptions[] = [];
  const time = new ManualTime();
  let released = 0;
  const handled: HandledSource = {
    source: { type: 'url', url: 'http://user:secret@camera/live?key=1' },
    onState: (state) => states.push(state),
    release: () => (released += 1),
    open: (_source, options) => {
      const next = attempts[asked.length];
      asked.push(options);
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? connection(0));
    },
    ...more,
    options: { fps: 2, side: 8, time, ...more.options },
  };
  const types = () => states.map(({ type }) => type);
  return { handled, states, types, asked, time, released: () => released };
}

/** All frames of a stream. */
export async function readFrames(stream: FrameStream): Promise<readonly VideoFrame[]> {
  const frames: VideoFrame[] = [];
  for await (const frame of stream) frames.push(frame);
  return frames;
}

/** A policy that tries a source twice, a second apart. */
export const twiceASecondApart = ({ failures }: { failures: number }) => (failures < 3 ? 1000 : null);
