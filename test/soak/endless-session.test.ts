import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OnnxModel } from '../../server/runtime/onnx/model.js';
import type { SessionSettings } from '../../server/settings/session-settings.js';
import type { Picture } from '../../server/video/frame.js';
import { bundledClips, picturesOf } from '../bench/nano.js';
import { endlessFigures } from './endless-figures.js';
import { playEndlessly } from './endless-session.js';
import { loadNano } from './nano-stream.js';
import { showAgain } from './same-clip.js';

// Short forms of what `npx tsx test/soak/memory.ts` measures for hours.

let model: OnnxModel;
let pictures: readonly Picture[];

beforeAll(async () => {
  model = await loadNano();
  const [clip = ''] = (await bundledClips()).filter((path) => path.endsWith('street.mp4'));
  pictures = await picturesOf(clip, model.capabilities);
});

afterAll(async () => {
  await model[Symbol.asyncDispose]();
});

test('thousands of frames cost the same to the end, and the context grows no more', async () => {
  const run = await playEndlessly(model, pictures, {
    ...{ frames: 28 * pictures.length, block: pictures.length },
    overrides: { window: 15 },
  });
  const figures = endlessFigures(run);
  expect(run.failures).toEqual([]);
  expect(figures.frames).toBe(28 * pictures.length);
  expect(figures.cacheBytes).toHaveLength(1);
  expect(figures.tokensMost).toBeLessThan(300);
  expect(figures.evictions).toBeGreaterThan(400);
  // Two per cent on a quiet machine; a cost that grows with the stream would be fivefold here.
  expect(Math.abs(figures.change)).toBeLessThan(0.3);
  expect(figures.evictionMedianMs).toBeLessThan(10);
  expect(figures.evictionMostMs).toBeLessThan(50);
}, 300_000);

test('until something is forgotten, scores are those of a context that forgets nothing, to the bit', async () => {
  const clip = { clip: pictures, filler: [], rounds: 1 };
  const scores = async (overrides: Partial<SessionSettings>) => {
    const shown = await showAgain(model, { ...clip, overrides });
    expect(shown.evictions).toEqual([]);
    return shown.scores;
  };
  const windowed = await scores({ memory: 'windows' });
  expect(windowed).toHaveLength(pictures.length);
  expect(windowed).toEqual(await scores({ memory: 'renewed' }));
});

test('a clip shown again after more than 50 evictions has nearly the same scores', async () => {
  const half = Math.floor(pictures.length / 2);
  const { differences, evictions } = await showAgain(model, {
    ...{ clip: pictures.slice(half), filler: pictures.slice(0, half), rounds: 8 },
    overrides: { window: 15 },
  });
  expect(evictions.length).toBeGreaterThan(100);
  expect(Math.max(...differences)).toBeLessThan(0.03);
}, 120_000);
