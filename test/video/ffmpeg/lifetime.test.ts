import { readFileSync } from 'node:fs';

import { describe, expect, test, vi } from 'vitest';

import { startDecoder } from '../../../server/video/ffmpeg/decoder.js';
import { fileInput } from '../../../server/video/sources/file.js';
import { ffmpeg, makeClip, writeFile } from '../../support/clips.js';
import { processesNaming } from '../../support/ffmpeg-processes.js';
import { openClip, readAll } from '../../support/open-clip.js';
import { waitUntil } from '../../support/wait-until.js';

const clip = makeClip({ frames: 3000, rate: '30' });

/** A copy of the clip under a unique name, which identifies its processes. */
function copy(name: string): string {
  return writeFile(`${name}.mp4`, readFileSync(clip));
}

describe.skipIf(process.platform !== 'linux')('no ffmpeg remains', () => {
  test('except one while a video is read', async () => {
    const path = copy('alive');
    await using stream = await openClip(path, { fps: 30 });
    expect(stream.info.codec).toBe('h264');
    expect(processesNaming(path)).toHaveLength(1);
  });

  test('after a video has ended', async () => {
    const path = copy('ended');
    await using stream = await openClip(path);
    await readAll(stream);
    expect(processesNaming(path)).toEqual([]);
  });

  test('after disposal midway, which may be repeated', async () => {
    const path = copy('disposed');
    const stream = await openClip(path, { fps: 30 });
    await stream[Symbol.asyncIterator]().next();
    await stream[Symbol.asyncDispose]();
    expect(processesNaming(path)).toEqual([]);
    await stream[Symbol.asyncDispose]();
  });

  test('after the reader has left its loop', async () => {
    const path = copy('left');
    const stream = await openClip(path, { fps: 30 });
    for await (const frame of stream) if (frame.index === 2) break;
    expect(processesNaming(path)).toEqual([]);
  });

  test('after the reader has thrown', async () => {
    const path = copy('thrown');
    const reading = (async () => {
      await using stream = await openClip(path, { fps: 30 });
      for await (const frame of stream) throw new Error(`reader failed at ${frame.index}`);
    })();
    await expect(reading).rejects.toThrow('reader failed at 0');
    expect(processesNaming(path)).toEqual([]);
  });

  test('after 20 openings aborted at all stages, each with an error', async () => {
    const path = copy('aborted');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, k) => {
        const stop = new AbortController();
        const opening = openClip(path, { fps: 30 }, stop.signal).then(async (stream) => {
          await readAll(stream);
          return 'read to its end';
        });
        await Promise.race([opening, new Promise((resolve) => setTimeout(resolve, k * 15))]).catch(
          () => undefined,
        );
        stop.abort(new Error('enough'));
        return opening.catch((error: unknown) => error);
      }),
    );
    for (const outcome of outcomes) {
      if (outcome !== 'read to its end')
        expect(outcome).toMatchObject({ code: 'cancelled', cause: { message: 'enough' } });
    }
    expect(outcomes.filter((outcome) => outcome !== 'read to its end').length).toBeGreaterThan(5);
    expect(processesNaming(path)).toEqual([]);
  });

  test('after an abort before opening, which starts none', async () => {
    const path = copy('never');
    await expect(openClip(path, {}, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(processesNaming(path)).toEqual([]);
  });

  test('after an abort during the probing for the reference sampler', async () => {
    const path = copy('probed');
    const stop = new AbortController();
    const opening = openClip(path, { sampler: 'reference' }, stop.signal);
    await waitUntil(() => processesNaming(path).length === 1);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    expect(processesNaming(path)).toEqual([]);
  });
});

test('an abort while a realtime frame is awaited ends the reading at once', async () => {
  const stop = new AbortController();
  await using stream = await openClip(clip, { pacing: 'realtime' }, stop.signal);
  const frames = stream[Symbol.asyncIterator]();
  await frames.next();
  const next = frames.next();
  stop.abort();
  await expect(next).rejects.toMatchObject({ code: 'cancelled' });
});

test('a disposal while a frame is awaited ends the iteration quietly', async () => {
  const stream = await openClip(clip, { pacing: 'realtime' });
  const frames = stream[Symbol.asyncIterator]();
  await frames.next();
  const next = frames.next();
  await stream[Symbol.asyncDispose]();
  expect(await next).toMatchObject({ done: true });
});

test('streams leave no listeners on a signal that outlives them', async () => {
  const stop = new AbortController();
  const add = vi.spyOn(stop.signal, 'addEventListener');
  const remove = vi.spyOn(stop.signal, 'removeEventListener');
  for (let k = 0; k < 3; k += 1) {
    await using stream = await openClip(clip, { maxFrames: 2, pacing: 'realtime', fps: 30 }, stop.signal);
    await readAll(stream);
  }
  expect(add.mock.calls.length).toBeGreaterThanOrEqual(3);
  const removed = new Set(remove.mock.calls.map(([, listener]) => listener));
  for (const [, listener] of add.mock.calls) expect(removed).toContain(listener);
});

test('a reader that stops reading stops ffmpeg: few frames are decoded beyond those read', async () => {
  const side = 256;
  const bytes = side * side * 3;
  const job = {
    ...{ ffmpeg, name: 'clip', input: await fileInput(clip, 'clip') },
    ...{ filters: [`scale=${side}:${side}`], readAheadBytes: 2 * bytes },
    patienceMs: { first: 60_000, later: 60_000 },
  };
  const { decoder } = await startDecoder(job, new AbortController().signal);
  const decoded = vi.spyOn(decoder.log, 'nextStamp');
  await decoder.next();
  // Every decoded frame is announced on stderr, which is always read: wait until no more are.
  let [before, now] = [-1, decoder.log.waitingStamps];
  while (now > before) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    [before, now] = [now, decoder.log.waitingStamps];
  }
  expect(decoded).toHaveBeenCalledOnce();
  // 2 in our memory, 1/3 in the pipe, one being written, and those in ffmpeg's filters and encoder.
  expect(now).toBeLessThan(10);
  for (let k = 0; k < 50; k += 1) await decoder.next();
  await decoder[Symbol.asyncDispose]();
});
