import { expect, test } from 'vitest';
import { Gate } from '../../../server/runtime/remote/gate.js';
import { bundledSamples } from '../../../server/main.js';
import { pictureShapeFor } from '../../../server/runtime/capabilities.js';
import { openVideo } from '../../../server/video/open-video.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

const still: { anew: boolean; happened: boolean | null } = { anew: false, happened: null };

/** What a gate says of pictures, each of one grey at its second, all of which are asked about if they may be. */
function spared(
  gate: Gate,
  pictures: readonly (readonly [grey: number, time: number])[],
  { news = still, lookAway = null as number | null } = {},
): readonly (string | null)[] {
  return pictures.map(([grey, time]) => {
    const look = gate.look(
      { width: 32, height: 32, rgb: new Uint8Array(3072).fill(grey), videoTime: time },
      news,
    );
    if (look.spared === null) look.pass(lookAway);
    return look.spared;
  });
}

const settings = { change: 0.04, atLeastEvery: 30 };

test('a picture is asked about when it differs from the last that was, and after a while in any case', () => {
  const seen = spared(new Gate(settings), [
    ...([
      [100, 0],
      [105, 1],
      [109, 2],
      [111, 3],
      [111, 32.9],
      [111, 33],
      [50, 5],
    ] as const),
  ]);
  expect(seen).toEqual([null, 'unchanged', 'unchanged', null, 'unchanged', null, null]);
});

test('while the model expects nothing only another scene or a text is asked about', () => {
  const gate = new Gate(settings);
  expect(spared(gate, [[100, 0]], { lookAway: 10 })).toEqual([null]);
  expect(
    spared(gate, [
      [115, 1],
      [100, 2],
      [130, 9],
    ]),
  ).toEqual(['later', 'unchanged', 'later']);
  expect(spared(gate, [[115, 9.5]], { news: { anew: true, happened: null }, lookAway: 10 })).toEqual([null]);
  expect(
    spared(gate, [
      [130, 12],
      [160, 13],
    ]),
  ).toEqual(['later', null]);
  expect(spared(gate, [[175, 14]])).toEqual([null]);
});

test('with a detector a picture that changes is asked about when something came or went', () => {
  const gate = new Gate(settings);
  const nothing = { anew: false, happened: false };
  expect(
    spared(
      gate,
      [
        [100, 0],
        [115, 1],
      ],
      { news: nothing },
    ),
  ).toEqual([null, 'unchanged']);
  expect(spared(gate, [[115, 2]], { news: { anew: false, happened: true } })).toEqual([null]);
  expect(
    spared(
      gate,
      [
        [200, 3],
        [215, 33],
      ],
      { news: nothing },
    ),
  ).toEqual([null, null]);
});

test('a model is asked whether to look away along with everything else, and is not asked until then', async () => {
  await using engine = await FakeEngine.open({
    probability: (statement) =>
      statement.includes('likely to happen within the next 5 seconds') ? 0.9 : 0.1,
  });
  const file = await writeModelFile({
    ...{ preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, gate: { lookAway: 5 } },
  });
  await using session = await openRemoteSession(await loadRemote(file));
  await playFast(session, [0, 20, 25, 28, 31, 35, 35]);
  const unscored = eventsOf(session, 'frame.unscored');
  expect(unscored.map(({ frameIndex, reason }) => [frameIndex, reason])).toEqual([
    ...([
      [1, 'later'],
      [2, 'later'],
      [3, 'later'],
      [4, 'later'],
      [6, 'unchanged'],
    ] as const),
  ]);
  expect(unscored[0]?.change).toBeCloseTo(20 / 255, 3);
  expect(eventsOf(session, 'frame.scored').map(({ frameIndex }) => frameIndex)).toEqual([0, 5]);
  expect(engine.at('/v1/decisions').slice(1)).toHaveLength(2);
});

test('a picture that was refused is not asked about again while it stays the same', async () => {
  await using engine = await FakeEngine.open({
    fault: ({ number }) => (number === 1 ? { type: 'refusal' } : null),
  });
  await using session = await openRemoteSession(await loadRemote(`remote:vllm/fake@${engine.url}`));
  await playFast(session, [100, 100, 100, 200]);
  expect(eventsOf(session, 'frame.unscored').map(({ reason }) => reason)).toEqual([
    ...(['refused', 'unchanged', 'unchanged'] as const),
  ]);
  expect(engine.at('/v1/decisions').slice(1)).toHaveLength(2);
});

test('a gate names a model that has a detector', async () => {
  await using engine = await FakeEngine.open();
  const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, gate: { detector: 'duet-nano' } };
  await expect(loadRemote(await writeModelFile(file))).rejects.toThrow(
    /duet-nano has no detector: .* duet-sight/,
  );
});

test('the detector of duet-sight spares requests about photographs in which nothing comes', async () => {
  await using engine = await FakeEngine.open();
  const model = await loadRemote(
    await writeModelFile({
      ...{ preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, gate: { detector: 'duet-sight' } },
    }),
  );
  try {
    await using session = await openRemoteSession(model);
    const { path } = await bundledSamples.get('gallery');
    const ffmpegPolicy = { trustedSource: true, allowBundled: true };
    const shape = pictureShapeFor(model.capabilities);
    const stream = await openVideo(
      { type: 'file', path },
      { ...shape, fps: 1, sampler: 'timestamps', pacing: 'fast', ffmpegPolicy },
    );
    await session.watch(stream, { source: 'gallery', samplingFps: 1, realtime: false });
    const scored = eventsOf(session, 'frame.scored').length;
    const unscored = eventsOf(session, 'frame.unscored');
    expect(scored).toBeGreaterThanOrEqual(2);
    expect(scored).toBeLessThan(unscored.length / 2);
    // What the detector spares has changed: the gate of the picture alone would have asked.
    expect(unscored.filter(({ change = 0 }) => change > 0.1).length).toBeGreaterThan(scored);
  } finally {
    await model[Symbol.asyncDispose]();
  }
});
