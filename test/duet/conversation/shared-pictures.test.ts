import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { packageFolder } from '../../../server/package-folder.js';
import { loadModel } from '../../../server/runtime/load-model.js';
import type { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, modelByBrightness, openSession } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { watch } from './question-sessions.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

/** Ids of the pictures that each context was given, in order. */
function idsIn({ heard, contexts }: ScriptedModel): (number | undefined)[][] {
  return contexts.map(({ number }) =>
    heard.flatMap((call) =>
      call.type === 'frames' && call.context === number ? call.pictures.map(({ id }) => id) : [],
    ),
  );
}

test('duet-nano encodes a picture once for four questions, on one of its workers', async () => {
  await using model = await loadModel(join(packageFolder, 'models/duet-nano'), { workers: 2 });
  const settings = sessionSettings(model.capabilities, 'default', { policy: { type: 'never' } });
  await using session = await DuetSession.open({ id: 'test', model, settings, now: () => 0 });
  for (const thing of ['dog', 'car', 'bus', 'ball']) await session.addQuestion(`Tell me about the ${thing}.`);
  const side = model.capabilities.pictureSide ?? 0;
  const frames = Array.from({ length: 12 }, (_, index) => {
    const rgb = new Uint8Array(side * side * 3).map((_, byte) => (byte * (index + 3)) % 256);
    return { index, videoTime: index / 2, picture: { width: side, height: side, rgb } };
  });
  await session.watch(new FakeStream(frames), label);
  expect(eventsOf(session, 'frame.scored').map(({ questions }) => questions.length)).toEqual(
    new Array(12).fill(4),
  );
  expect(model.load?.encodedPictures).toBe(12);
  expect(model.load?.workers.map(({ contexts }) => contexts).sort()).toEqual([0, 4]);
});

test('contexts know a picture by its id, also one that is appended again after a reply', async () => {
  const model = modelByBrightness();
  const session = await openSession(model, { batchLimit: 4 });
  await session.addQuestion('one');
  await session.addQuestion('two');
  const stream = new FakeStream(fakeFrames([10, 80, 10, 10]));
  await session.watch(stream, { ...label, wholeBatches: true });
  const [first, second] = idsIn(model);
  expect(first).toEqual(second);
  // Two frames follow the reply.
  expect(first).toHaveLength(6);
  expect(new Set(first)).toHaveLength(4);
});

test('frames that a reply puts off keep their ids, so that they are not encoded twice', async () => {
  const model = modelByBrightness();
  const session = await openSession(model, { batchLimit: 4 });
  await session.watch(new FakeStream(fakeFrames([10, 80, 10, 10])), { ...label, wholeBatches: true });
  const [ids = []] = idsIn(model);
  expect(ids).toHaveLength(6);
  expect(ids.slice(4)).toEqual(ids.slice(2, 4));
  expect(new Set(ids.slice(0, 4)).size).toBe(4);
  expect(ids).not.toContain(undefined);
});

test('a picture that one context sees once has no id, so that it takes no room beside others', async () => {
  const model = modelByBrightness();
  await watch(await openSession(model), [10, 20]);
  expect(idsIn(model)).toEqual([[undefined, undefined]]);
});

test('a context that is opened later follows on from the newest frame, but not in another video', async () => {
  const model = modelByBrightness();
  const session = await openSession(model, { policy: { type: 'never' } });
  await session.addQuestion('one');
  await watch(session, [10, 20]);
  await session.addQuestion('two');
  await session.lookAgain();
  await session.addQuestion('three');
  await watch(session, [30]);
  const [, marked] = model.contexts[0]?.entries.filter(({ type }) => type === 'frame') ?? [];
  expect(model.contexts.map(({ options: { follows } }) => follows)).toEqual([
    undefined,
    { place: marked?.id },
    undefined,
  ]);
});
