import { expect, test } from 'vitest';
import { DuetError } from '../../../../server/errors.js';
import type { VideoFrame } from '../../../../server/video/frame.js';
import type { HandledSource } from '../../../../server/video/sources/handled-source.js';
import { SharedSources } from '../../../../server/video/sources/shared/shared-sources.js';
import { sharingKey } from '../../../../server/video/sources/shared/sharing-key.js';
import type { FrameStream, StreamNotice } from '../../../../server/video/stream.js';
import { plainPicture } from '../../../../server/runtime/scripted/scripted-model.js';
import { FakeStream } from '../../../support/fake-stream.js';
import { settle } from '../../../support/manual-time.js';
import { readFrames } from '../scripted-source.js';

/** Never aborts. */
function noStop(): AbortSignal {
  return new AbortController().signal;
}

/** A camera of `fps` frames a second that gives a frame when it is told to. */
class Camera {
  readonly #fps: number;
  readonly #frames: (VideoFrame | Error | null)[] = [];
  #wake: () => void = () => undefined;
  #next = 0;
  readonly stream: FakeStream & Pick<FrameStream, 'listen'>;
  hear: (notice: StreamNotice) => void = () => undefined;

  constructor(fps: number, live = true) {
    this.#fps = fps;
    this.stream = Object.assign(new FakeStream(this.#play(), { live }), {
      listen: (hear: (notice: StreamNotice) => void) => {
        this.hear = hear;
      },
    });
  }

  /** Gives so many frames, one after the other. */
  async show(count: number): Promise<void> {
    for (let frame = 0; frame < count; frame++) {
      const index = this.#next++;
      await this.#give({ index, videoTime: index / this.#fps, picture: plainPicture(index % 256) });
    }
  }

  end(error: Error | null = null): Promise<void> {
    return this.#give(error);
  }

  async #give(frame: VideoFrame | Error | null): Promise<void> {
    this.#frames.push(frame);
    this.#wake();
    await settle();
  }

  async *#play(): AsyncGenerator<VideoFrame> {
    for (;;) {
      while (this.#frames.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const frame = this.#frames.shift() ?? null;
      if (frame === null) return;
      if (frame instanceof Error) throw frame;
      yield frame;
    }
  }
}

/** Sources that open these cameras, one at each opening. */
function sharing(...cameras: readonly Camera[]) {
  const sources = new SharedSources();
  const waiting: (() => void)[] = [];
  const state = { opened: 0, held: false };
  const open: HandledSource['open'] = async (_source, options, stop) => {
    const camera = cameras[state.opened++];
    if (state.held) await new Promise<void>((resolve) => waiting.push(resolve));
    if (stop.aborted) throw new DuetError('cancelled', `${options.name} was cancelled`);
    if (camera === undefined) throw new DuetError('source_failed', 'there is no such camera');
    stop.addEventListener('abort', () => void camera.end(new DuetError('cancelled', 'the clip was stopped')));
    return camera.stream;
  };
  const handled = (fps: number, more: Partial<HandledSource> = {}): HandledSource => {
    return { source: { type: 'url', url: 'http://camera/' }, options: { fps, side: 2 }, open, ...more };
  };
  const join = (fps: number, key: string | null = 'camera', until = noStop(), more = {}) =>
    sources.open(handled(fps, more), key, until);
  const release = () => {
    for (const go of waiting.splice(0)) go();
  };
  return { sources, state, join, release };
}

/** Reads a stream from now on. */
function reading(stream: FrameStream) {
  const frames: VideoFrame[] = [];
  const over = (async () => {
    for await (const frame of stream) frames.push(frame);
  })();
  over.catch(() => undefined);
  return { frames, over, times: () => frames.map(({ videoTime }) => videoTime) };
}

test('sessions that want the same live source share it: one opening, the same pictures with ids', async () => {
  const camera = new Camera(2);
  const { state, join } = sharing(camera);
  const [first, second] = [reading(await join(2)), reading(await join(2))];
  await camera.show(3);
  await camera.end();
  await Promise.all([first.over, second.over]);
  expect(state.opened).toBe(1);
  expect(first.times()).toEqual([0, 0.5, 1]);
  expect(second.frames.map(({ picture }) => picture)).toEqual(first.frames.map(({ picture }) => picture));
  const ids = first.frames.map(({ picture }) => picture.id);
  expect(new Set(ids).size).toBe(3);
  expect(ids.every((id) => id !== undefined)).toBe(true);
});

test('a single reader gets its pictures without ids, so that no model keeps them', async () => {
  const camera = new Camera(2);
  const only = reading(await sharing(camera).join(2));
  await camera.show(2);
  expect(only.frames.map(({ picture }) => picture.id)).toEqual([undefined, undefined]);
});

test('one that joins later has a clock and frame numbers of its own', async () => {
  const camera = new Camera(2);
  const { join } = sharing(camera);
  const first = reading(await join(2));
  await camera.show(4);
  const second = reading(await join(2));
  await camera.show(3);
  expect(first.times()).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
  expect(second.times()).toEqual([0, 0.5, 1]);
  expect(second.frames.map(({ index }) => index)).toEqual([0, 1, 2]);
});

test('a lower rate that divides the rate of the source is taken from it, another one is opened anew', async () => {
  const [camera, other] = [new Camera(4), new Camera(3)];
  const { state, join } = sharing(camera, other);
  const first = reading(await join(4));
  const second = reading(await join(2));
  await camera.show(8);
  expect(first.frames).toHaveLength(8);
  expect(second.times()).toEqual([0, 0.5, 1, 1.5]);
  expect(second.frames[1]?.picture).toBe(first.frames[2]?.picture);
  await join(3);
  expect(state.opened).toBe(2);
});

test('a slow reader loses its oldest frames, and others lose none', async () => {
  const camera = new Camera(2);
  const { join } = sharing(camera);
  const quick = reading(await join(2));
  const slow = await join(2);
  await camera.show(40);
  await camera.end();
  expect(quick.frames).toHaveLength(40);
  const late = await readFrames(slow);
  expect(late.map(({ picture }) => picture.rgb[0])).toEqual([...Array(16).keys()].map((left) => left + 24));
  expect(slow.dropped).toBe(24);
});

test('the last one to leave closes the source, and then it is opened anew', async () => {
  const cameras = [new Camera(2), new Camera(2)] as const;
  const { sources, state, join } = sharing(...cameras);
  const [first, second] = [await join(2), await join(2)];
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  expect(cameras[0].stream.disposed).toBe(false);
  const read = reading(second);
  await cameras[0].show(1);
  expect(read.frames).toHaveLength(1);
  await second[Symbol.asyncDispose]();
  expect(cameras[0].stream.disposed).toBe(true);
  expect(sources.size).toBe(0);
  await join(2);
  expect(state.opened).toBe(2);
});

test('what happens to the source reaches all of its readers, and its end and its failure too', async () => {
  const camera = new Camera(2);
  const { join } = sharing(camera);
  const heard: string[] = [];
  const streams = [await join(2), await join(2)];
  streams.forEach((stream, reader) => {
    stream.listen((notice) => heard.push(`${reader} ${notice.type}`));
  });
  const reads = streams.map((stream) => reading(stream));
  await camera.show(1);
  camera.hear({ type: 'source.stalled', silentSeconds: 5 });
  expect(heard).toEqual(['0 source.stalled', '1 source.stalled']);
  await camera.end(new DuetError('source_failed', 'the camera is gone'));
  for (const { over } of reads) await expect(over).rejects.toThrow('the camera is gone');
});

test('a pause is for one reader alone', async () => {
  const camera = new Camera(2);
  const { join } = sharing(camera);
  const [first, second] = [await join(2), await join(2)];
  const reads = [reading(first), reading(second)];
  await camera.show(1);
  first.pause();
  await camera.show(2);
  first.resume();
  await camera.show(1);
  expect(reads.map(({ frames }) => frames.length)).toEqual([2, 4]);
  expect(camera.stream.paused).toBe(false);
});

test('readers wait together while it is opened; who gives up leaves it to the others', async () => {
  const camera = new Camera(2);
  const { state, join, release } = sharing(camera);
  state.held = true;
  const giveUp = new AbortController();
  const first = join(2, 'camera', giveUp.signal);
  const second = join(2);
  giveUp.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  release();
  const read = reading(await second);
  await camera.show(1);
  expect(read.frames).toHaveLength(1);
  expect(state.opened).toBe(1);
});

test('when all have given up before it was open, it is closed', async () => {
  const camera = new Camera(2);
  const { sources, state, join, release } = sharing(camera);
  state.held = true;
  const giveUp = new AbortController();
  const first = join(2, 'camera', giveUp.signal);
  giveUp.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  release();
  await settle();
  expect(sources.size).toBe(0);
  expect(camera.stream.delivered).toBe(0);
});

test('a reader that is stopped by its signal fails alone', async () => {
  const camera = new Camera(2);
  const { join } = sharing(camera);
  const stop = new AbortController();
  const [stopped, other] = [reading(await join(2, 'camera', stop.signal)), reading(await join(2))];
  await camera.show(1);
  stop.abort();
  await expect(stopped.over).rejects.toMatchObject({ code: 'cancelled' });
  await camera.show(1);
  expect(other.frames).toHaveLength(2);
});

test('a recording is not shared: each has it from its beginning', async () => {
  const recordings = [new Camera(2, false), new Camera(2, false)];
  const { sources, state, join } = sharing(...recordings);
  const reads = [reading(await join(2)), reading(await join(2))];
  for (const recording of recordings) {
    await recording.show(2);
    await recording.end();
  }
  await Promise.all(reads.map(({ over }) => over));
  expect(reads.map(({ frames }) => frames.length)).toEqual([2, 2]);
  expect([state.opened, sources.size]).toEqual([2, 0]);
  expect(recordings.every(({ stream }) => stream.disposed)).toBe(true);
});

test('a recording is stopped by the signal of the reader it was opened for', async () => {
  const recording = new Camera(2, false);
  const stop = new AbortController();
  const stream = await sharing(recording).join(2, 'clip', stop.signal);
  stop.abort();
  await expect(readFrames(stream)).rejects.toThrow('the clip was stopped');
});

test('a source that cannot be opened fails for all who wait for it, and is tried again for the next', async () => {
  const { state, join, sources } = sharing();
  const both = await Promise.allSettled([join(2), join(2)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect([state.opened, sources.size]).toEqual([1, 0]);
  await expect(join(2)).rejects.toThrow('there is no such camera');
  expect(state.opened).toBe(2);
});

test('sources without a key, with another key, or with a limit of frames are opened on their own', async () => {
  const { state, join } = sharing(...Array.from({ length: 4 }, () => new Camera(2)));
  await join(2, null);
  await join(2, 'camera');
  await join(2, 'other camera');
  await join(2, 'camera', noStop(), { options: { fps: 2, side: 2, maxFrames: 5 } });
  expect(state.opened).toBe(4);
});

test('only addresses are shared, between sessions of one owner that ask for the same', () => {
  const camera = { type: 'url', url: 'rtsp://ann:secret@camera/1' } as const;
  const asked = { side: 128, fit: 'letterbox', trusted: true };
  const key = sharingKey(camera, asked, 'ann');
  expect(sharingKey({ ...camera }, { trusted: true, fit: 'letterbox', side: 128 }, 'ann')).toBe(key);
  const others = [
    sharingKey(camera, asked, 'ben'),
    sharingKey(camera, asked, null),
    sharingKey({ ...camera, url: 'rtsp://ann:guessed@camera/1' }, asked, 'ann'),
    sharingKey(camera, { ...asked, side: 384 }, 'ann'),
    sharingKey(camera, { ...asked, trusted: false }, 'ann'),
  ];
  expect(new Set([key, ...others]).size).toBe(6);
  expect(sharingKey({ type: 'file', path: '/tmp/upload' }, asked, 'ann')).toBeNull();
  expect(sharingKey({ type: 'pictures' }, asked, 'ann')).toBeNull();
});
