import { describe, expect, test } from 'vitest';

import { DuetError } from '../../../server/errors.js';
import type { VideoFrame } from '../../../server/video/frame.js';
import { SourceHandler } from '../../../server/video/sources/handler.js';
import type { FrameStream, StreamNotice } from '../../../server/video/stream.js';
import { FakeStream, fakeFrames } from '../../support/fake-stream.js';
import { settle, type ManualTime } from '../../support/manual-time.js';
import { broken, connection, readFrames, scripted, twiceASecondApart } from './scripted-source.js';

describe('a source that is tried again', () => {
  test('opens at the first attempt that succeeds', async () => {
    const { handled, states, time } = scripted([broken, broken, connection(1)], { retry: twiceASecondApart });
    const opening = SourceHandler.open(handled);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      expect(states.at(-1)).toEqual({ type: 'reconnecting', delayMs: 1000, error: broken });
      await time.advance(1000);
    }
    await using handler = await opening;
    expect(handler.state).toEqual({ type: 'playing' });
  });

  test('fails with the last error when the policy gives it up', async () => {
    const last = new DuetError('source_failed', 'still away');
    const { handled, time, asked } = scripted([broken, broken, last], { retry: twiceASecondApart });
    const opening = SourceHandler.open(handled);
    const refused = expect(opening).rejects.toBe(last);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    await refused;
    expect(asked).toHaveLength(3);
  });

  test('continues midway: frame numbers go on, and time advances with the wall clock', async () => {
    const attempts = [connection(3, { error: broken }), broken, connection(2)];
    const { handled, types, time, asked } = scripted(attempts, { retry: twiceASecondApart });
    const handler = await SourceHandler.open({ ...handled, options: { ...handled.options, maxFrames: 9 } });
    const reading = readFrames(handler);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    expect((await reading).map(({ index, videoTime }) => [index, videoTime])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 1],
      [3, 3],
      [4, 3.5],
    ]);
    expect(types()).toEqual([
      ...['opening', 'playing', 'reconnecting', 'opening', 'reconnecting', 'opening', 'playing', 'ended'],
    ]);
    expect(asked.map(({ maxFrames }) => maxFrames)).toEqual([9, 6, 6]);
    expect(handler.warnings).toEqual(['the source broke off and was connected again']);
  });

  test('failures count until pictures have come for ten seconds', async () => {
    const attempts = Array.from({ length: 4 }, () => connection(1, { error: broken }));
    const { handled, time, asked } = scripted(attempts, { retry: twiceASecondApart });
    const refused = expect(readFrames(await SourceHandler.open(handled))).rejects.toBe(broken);
    for (let tries = 0; tries < 4; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    await refused;
    expect(asked).toHaveLength(3);
  });

  test('a connection that was well for ten seconds begins the count anew', async () => {
    const { time, ...source } = scripted([], { retry: twiceASecondApart });
    const well = () => {
      async function* play(): AsyncGenerator<VideoFrame> {
        const [first, second] = fakeFrames([1, 2]);
        if (first) yield first;
        await time.sleep(10_000, new AbortController().signal);
        if (second) yield second;
        throw broken;
      }
      return new FakeStream(play(), { live: true });
    };
    let opened = 0;
    const open = () => {
      opened += 1;
      return Promise.resolve(opened < 6 ? well() : connection(1));
    };
    const reading = readFrames(await SourceHandler.open({ ...source.handled, open }));
    for (let step = 0; step < 20; step += 1) {
      await settle();
      await time.advance(step % 2 === 0 ? 10_000 : 1000);
    }
    expect(await reading).toHaveLength(11);
  });

  test('an end that nothing announced is a break; with the attempts used up it is the end', async () => {
    const cut = () => Object.assign(connection(2), { brokenOff: true });
    const { handled, time, types } = scripted([cut(), cut(), connection(1)], { retry: twiceASecondApart });
    const reading = readFrames(await SourceHandler.open(handled));
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    expect(await reading).toHaveLength(5);
    expect(types().filter((type) => type === 'reconnecting')).toHaveLength(2);
    const once = scripted([cut()]);
    expect(await readFrames(await SourceHandler.open(once.handled))).toHaveLength(2);
    expect(once.types().at(-1)).toBe('ended');
  });

  test('is not, once all the frames that were asked for have come', async () => {
    const { handled, asked } = scripted([Object.assign(connection(2), { brokenOff: true })], {
      retry: twiceASecondApart,
      options: { fps: 2, side: 8, maxFrames: 2 },
    });
    expect(await readFrames(await SourceHandler.open(handled))).toHaveLength(2);
    expect(asked).toHaveLength(1);
  });

  test('a recording that breaks midway is not, since it would start again', async () => {
    const attempts = [connection(2, { error: broken, live: false }), connection(2)];
    const { handled, asked } = scripted(attempts, { retry: twiceASecondApart });
    await expect(readFrames(await SourceHandler.open(handled))).rejects.toBe(broken);
    expect(asked).toHaveLength(1);
  });

  test('a pause, its listener and its dropped frames survive reconnection', async () => {
    const hear = (notice: StreamNotice) => notice;
    const first = Object.assign(connection(1, { error: broken }), { dropped: 2 });
    const heard: unknown[] = [];
    const second = Object.assign(connection(1), {
      dropped: 3,
      listen: (given: unknown) => heard.push(given),
    });
    const { handled, time } = scripted([first, second], { retry: twiceASecondApart });
    const handler = await SourceHandler.open(handled);
    handler.listen(hear);
    handler.pause();
    const reading = readFrames(handler);
    await settle();
    await time.advance(1000);
    await reading;
    expect(second.paused).toBe(true);
    expect(heard).toEqual([hear]);
    expect(handler.dropped).toBe(5);
  });
});

describe('what its listener hears', () => {
  test('each attempt with its number, delay and reason, and the gap when pictures come again', async () => {
    const heard: StreamNotice[] = [];
    const attempts = [broken, connection(2, { error: broken }), broken, connection(1)];
    const { handled, time } = scripted(attempts, { retry: () => 1000 });
    const opening = SourceHandler.open({ ...handled, hear: (notice) => heard.push(notice) });
    await settle();
    await time.advance(1000);
    const reading = readFrames(await opening);
    for (let tries = 0; tries < 2; tries += 1) {
      await settle();
      await time.advance(1000);
    }
    await reading;
    const again = { type: 'source.reconnecting', delayMs: 1000, code: 'source_failed' };
    expect(heard).toMatchObject([
      { ...again, attempt: 1, message: 'the camera went away' },
      { ...again, attempt: 2 },
      { ...again, attempt: 3 },
      { type: 'source.reopened', gapSeconds: 2, attempts: 2, info: { live: true } },
    ]);
  });

  /** A live stream of two frames this many milliseconds apart. */
  function slow(time: ManualTime, gapMs: number, more: Partial<FrameStream> = {}): FrameStream {
    async function* play(): AsyncGenerator<VideoFrame> {
      const [first, second] = fakeFrames([1, 2]);
      if (first) yield first;
      await time.sleep(gapMs, new AbortController().signal);
      if (second) yield second;
    }
    return Object.assign(new FakeStream(play(), { live: true }), more);
  }

  async function heardOf(gapMs: number, more: Partial<FrameStream> = {}, pause = false) {
    const heard: StreamNotice[] = [];
    const { handled, time } = scripted([]);
    const open = () => Promise.resolve(slow(time, gapMs, more));
    const handler = await SourceHandler.open({ ...handled, open, hear: (notice) => heard.push(notice) });
    const reading = readFrames(handler);
    await settle();
    if (pause) handler.pause();
    for (let passed = 0; passed < gapMs; passed += 1000) await time.advance(1000);
    await reading;
    expect(time.sleeping).toBe(0);
    return heard;
  }

  test('once that no picture has come for five seconds, and when one does', async () => {
    expect(await heardOf(12_000)).toMatchObject([
      { type: 'source.stalled', silentSeconds: 5 },
      { type: 'source.reopened', gapSeconds: 12, attempts: 0 },
    ]);
  });

  test.each<[string, number, Partial<FrameStream>, boolean]>([
    ['a shorter silence', 4000, {}, false],
    ['a silence that is usual for its stream', 8000, { quietSeconds: 9 }, false],
    ['the silence of a pause', 12_000, {}, true],
  ])('nothing of %s', async (_, gapMs, more, pause) => {
    expect(await heardOf(gapMs, more, pause)).toEqual([]);
  });
});

describe('a source that is ended while it waits for its next attempt', () => {
  test('by its signal: pending calls reject, and there are no more attempts', async () => {
    const abort = new AbortController();
    const { handled, asked, released, time, types } = scripted([broken, connection(1)], {
      retry: twiceASecondApart,
    });
    const opening = SourceHandler.open(handled, abort.signal);
    const refused = expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await settle();
    abort.abort();
    await refused;
    expect([asked.length, released(), time.sleeping, types().at(-1)]).toEqual([1, 1, 0, 'ended']);
  });

  test('by its disposal: its reading ends without an error', async () => {
    const { handled, asked, released, types } = scripted([connection(1, { error: broken })], {
      retry: twiceASecondApart,
    });
    const handler = await SourceHandler.open(handled);
    const reading = readFrames(handler);
    await settle();
    expect(handler.state.type).toBe('reconnecting');
    await handler[Symbol.asyncDispose]();
    expect(await reading).toHaveLength(1);
    expect([asked.length, released(), types().at(-1)]).toEqual([1, 1, 'ended']);
  });
});
