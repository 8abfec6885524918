import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { plainPicture, ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import { FakeStream } from '../support/fake-stream.js';
import { frameAt, openSoakSession } from './nano-stream.js';

setFlagsFromString('--expose-gc');
const collectGarbage = z.custom<() => void>().parse(runInNewContext('gc'));

function heapMegabytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1e6;
}

test('frames and replies leave nothing behind once record and windows are full', async () => {
  const model = new ScriptedModel({
    scores: (_picture, position) => ({ informative: position % 17 === 3 ? 0.9 : 0.1, relevance: 0 }),
    before: () => {
      model.heard.length = 0;
    },
  });
  await using session = await openSoakSession(model, { window: 60, assistantTurns: 'keep' });
  const measured: number[] = [];
  function* stream() {
    for (let index = 0; index <= 60_000; index++) {
      if (index === 30_000 || index === 60_000) measured.push(heapMegabytes());
      yield frameAt(index, plainPicture(1));
    }
  }
  const viewing = { source: 'soak', samplingFps: 2, realtime: false };
  await session.watch(new FakeStream(stream()), viewing);
  const [before = NaN, after = NaN] = measured;
  // 1,765 replies; signals that were not let go of once left 6 kB behind for each, 11 MB.
  expect(after - before).toBeLessThan(4);
}, 120_000);
