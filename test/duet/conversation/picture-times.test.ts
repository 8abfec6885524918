import { expect, test } from 'vitest';
import { modelByBrightness, openSession } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

test('a model is told when each picture was taken, on the clock of the video', async () => {
  const model = modelByBrightness();
  const session = await openSession(model);
  const frames = [...fakeFrames([1, 1, 1])];
  await session.watch(new FakeStream(frames), { source: 'test', samplingFps: 2, realtime: false });
  await session.close('finished');
  const heard = model.heard.flatMap((call) => (call.type === 'frames' ? call.pictures : []));
  expect(heard.map(({ videoTime }) => videoTime)).toEqual(frames.map(({ videoTime }) => videoTime));
  expect(new Set(heard.map(({ videoTime }) => videoTime)).size).toBe(3);
});
