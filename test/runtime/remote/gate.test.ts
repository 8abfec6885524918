import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Gate } from '../../../server/runtime/remote/gate.js';
import { bundledSamples } from '../../../server/main.js';
import { pictureShapeFor } from '../../../server/runtime/capabilities.js';
import type { Picture } from '../../../server/video/frame.js';
import { findModel, modelsFolder } from '../../../server/runtime/find-model.js';
import { openVideo } from '../../../server/video/open-video.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

const still: { anew: boolean; happened: boolean | null } = { anew: false, happened: null };

/**
 * What a gate says of pictures, each of one grey at its second, all of which are asked about if they may be.
 */
function spared(
  gate: Gate,
  pictures: readonly (readonly [grey: number, time: number])[],
  { news = still, lookAway = null as number | null } = {},
): readonly (string | null)[] {
  return pictures.map(([grey, time]) => {
    const look = gate.look(pictureAt(grey, time), news);
    if (look.spared !== null) return look.spared;
    look.ask();
    look.pass(lookAway);
    return null;
  });
}

function pictureAt(grey: number, videoTime: number): Picture {
  return { width: 32, height: 32, rgb: new Uint8Array(3072).fill(grey), videoTime };
}

const settings = { change: 0.04, atLeastEvery: 30, atMostEvery: 0 };

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

test('where a detector looks more often, pictures are asked about at most so often', () => {
  const gate = new Gate({ ...settings, atMostEvery: 1 });
  const happened = { anew: true, happened: true };
  expect(
    spared(
      gate,
      [
        ...([
          [100, 0],
          [150, 0.25],
          [150, 0.75],
          [150, 1],
          [150, 1.25],
          // Another video.
          [150, 0.5],
        ] as const),
      ],
      { news: happened },
    ),
  ).toEqual([null, 'later', 'later', null, 'later', null]);
  // A request without an answer counts as well.
  const failing = new Gate({ ...settings, atMostEvery: 1 });
  expect(
    [0, 0.5, 1].map((time) => {
      const look = failing.look(pictureAt(100, time), happened);
      if (look.spared === null) look.ask();
      return look.spared;
    }),
  ).toEqual([null, 'later', null]);
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
  expect(engine.at('/v1/decisions')).toHaveLength(2);
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
  expect(engine.at('/v1/decisions')).toHaveLength(2);
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
    // The rate of the detector, which is what the trace tells.
    const { fps } = session.settings;
    expect([fps, model.capabilities.fps.madeFor]).toEqual([4, 4]);
    const { path } = await bundledSamples.get('gallery');
    const ffmpegPolicy = { trustedSource: true, allowBundled: true };
    const shape = pictureShapeFor(model.capabilities);
    const stream = await openVideo(
      { type: 'file', path },
      { ...shape, fps, sampler: 'timestamps', pacing: 'fast', ffmpegPolicy, maxFrames: 80 },
    );
    await session.watch(stream, { source: 'gallery', samplingFps: fps, realtime: false });
    const scored = eventsOf(session, 'frame.scored');
    const unscored = eventsOf(session, 'frame.unscored');
    expect(scored.length).toBeGreaterThanOrEqual(2);
    // At most one a second, though four frames are sampled.
    expect(scored.length).toBeLessThan(80 / 4 / 2);
    expect(scored.length + unscored.length).toBe(80);
    const times = scored.map(({ videoTime }) => videoTime);
    expect(Math.min(...gaps(times))).toBeGreaterThan(0.999);
    // What the detector spares has changed: the gate of the picture alone would have asked.
    const changed = unscored.filter(({ change = 0, reason }) => change > 0.1 && reason === 'unchanged');
    expect(changed.length).toBeGreaterThan(scored.length);
    // A decision compares pictures of the rate at which the engine is asked.
    for (const { texts } of engine.at('/v1/decisions')) {
      const shown = texts.flatMap(
        (text) => /^\[([\d.]+) s\] (?:The newest p|P)icture:$/.exec(text)?.[1] ?? [],
      );
      for (const gap of gaps(shown.map(Number))) expect(gap).toBeGreaterThan(0.89);
    }
    expect(engine.at('/v1/decisions').at(-1)?.pictures).toHaveLength(2);
  } finally {
    await model[Symbol.asyncDispose]();
  }
});

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

test('a run with another version of the detector is another run', async () => {
  const detector = await mkdtemp(join(tmpdir(), 'detector-'));
  const place = await writeModelFile({ preset: 'vllm', model: 'fake', gate: { detector } });
  const fingerprintOf = async (version: string): Promise<string> => {
    const manifest = await readFile(join(modelsFolder, 'duet-sight', 'manifest.json'), 'utf8');
    await writeFile(
      join(detector, 'manifest.json'),
      manifest.replace(/"version": "[^"]*"/, `"version": "${version}"`),
    );
    return (await findModel(place, { onWarning: () => undefined })).fingerprint();
  };
  const first = await fingerprintOf('1.0.0');
  expect(await fingerprintOf('2.0.0')).not.toBe(first);
  expect(await fingerprintOf('1.0.0')).toBe(first);
});
