import { expect, onTestFinished, test, vi } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { pictureShapeFor } from '../../../server/runtime/capabilities.js';
import type {
  AskedSampling,
  OpenedSource,
  OpenSource,
  StartRequest,
} from '../../../server/transport/sessions/open-source.js';
import { SourceControl } from '../../../server/transport/sessions/source-control.js';
import { eventsOf, modelByBrightness, openSession } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';

const start: StartRequest = { type: 'source.start', source: { type: 'sample', name: 'any' } };

async function control(openSource: OpenSource) {
  const session = await openSession(modelByBrightness(), { fps: 2 });
  onTestFinished(() => session.close('test'));
  const clock = { now: 0 };
  return { session, clock, source: new SourceControl(session, openSource, { now: () => clock.now }) };
}

function opened(stream: FakeStream, more: Partial<OpenedSource> = {}): OpenSource {
  return () => Promise.resolve({ stream, name: 'any', realtime: false, push: null, ...more });
}

test("a source is opened as requested, by default at the session's rate", async () => {
  const asked: AskedSampling[] = [];
  const { source, session } = await control((_request, sampling) => {
    asked.push(sampling);
    return Promise.reject(new DuetError('not_found', 'nothing here'));
  });
  const shape = pictureShapeFor(session.model.capabilities);
  await expect(source.watch(start)).rejects.toThrow('nothing here');
  await expect(source.watch({ ...start, fps: 5, pacing: 'fast', maxFrames: 3 })).rejects.toThrow();
  const unsaid = { owner: null, sampler: undefined, maxFrames: undefined, pacing: undefined };
  expect(asked).toEqual([
    { ...unsaid, ...shape, fps: 2 },
    { ...unsaid, ...shape, fps: 5, pacing: 'fast', maxFrames: 3 },
  ]);
});

test('one source at a time is watched: a second is refused until the first has ended', async () => {
  const { stream, release } = heldVideo();
  const { source, session } = await control(opened(stream));
  const first = source.watch(start);
  await expect(source.watch(start)).rejects.toThrow('This session has a source already');
  release();
  await first;
  await source.watch(start);
  expect(eventsOf(session, 'source.ended')).toHaveLength(2);
});

test('a source is disposed of after its end, also when it fails', async () => {
  const stream = new FakeStream(
    (function* () {
      yield* fakeFrames([1]);
      throw new DuetError('source_failed', 'broken');
    })(),
  );
  const { source, session } = await control(opened(stream));
  await source.watch(start);
  expect(eventsOf(session, 'source.failed')).toMatchObject([{ message: 'broken' }]);
  expect(stream.disposed).toBe(true);
});

test.each(['stop', 'pause', 'resume'] as const)('without a source, %s is refused', async (action) => {
  const { source } = await control(opened(new FakeStream([])));
  expect(() => {
    source[action]();
  }).toThrow('No source is playing in this session: send source.start first');
});

test('abandoning ends a source that is being opened, and needs no source', async () => {
  const { source } = await control((_request, _sampling, signal) => {
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new DuetError('cancelled', 'given up'));
      });
    });
  });
  source.abandon();
  const watched = source.watch(start);
  source.abandon();
  await expect(watched).rejects.toThrow('given up');
});

test('pushed pictures go to the source that takes them, and to no other', async () => {
  const push = vi.fn(() => Promise.resolve());
  const { stream, release } = heldVideo();
  const { source, session } = await control(opened(stream, { push }));
  const picture = new Uint8Array(8);
  await expect(source.push(picture)).rejects.toThrow('No source takes pictures or bytes now');
  const watched = source.watch(start);
  await expect.poll(() => eventsOf(session, 'source.opened')).toHaveLength(1);
  await source.push(picture);
  expect(push.mock.calls).toEqual([[picture]]);
  release();
  await watched;
});

test('a session is idle while nothing plays: before a source, while it is paused, and after it', async () => {
  const { stream, release } = heldVideo();
  const { source, session, clock } = await control(opened(stream));
  clock.now = 50;
  expect(source.idleForMs).toBe(50);
  const watched = source.watch(start);
  await expect.poll(() => eventsOf(session, 'frame.scored')).toHaveLength(1);
  expect(source.idleForMs).toBe(0);
  source.pause();
  clock.now = 70;
  expect(source.idleForMs).toBe(20);
  source.resume();
  expect(source.idleForMs).toBe(0);
  release();
  await watched;
  clock.now = 75;
  expect(source.idleForMs).toBe(5);
  source.addUserText('still here', {});
  expect(source.idleForMs).toBe(0);
});

test('a text for a moment is refused once the video has ended', async () => {
  const { source } = await control(opened(new FakeStream(fakeFrames([1]))));
  source.addUserText('early', { videoTime: 1 });
  await source.watch(start);
  expect(() => {
    source.addUserText('late', { videoTime: 2 });
  }).toThrow('The video has ended, so 2 s will not come');
});
