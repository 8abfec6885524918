import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageFolder } from '../../../server/package-folder.js';
import { defaultPrompt } from '../../../server/runtime/capabilities.js';
import { loadModel } from '../../../server/runtime/load-model.js';
import type { DuetContext, DuetModel, Pace, ScoredFrame } from '../../../server/runtime/model.js';
import { WorkerLoad } from '../../../server/runtime/worker/worker-load.js';
import { RollingSum } from '../../../server/runtime/rolling-sum.js';
import type { Picture } from '../../../server/video/frame.js';

let model: DuetModel;

beforeAll(async () => {
  model = await loadModel(join(packageFolder, 'models/duet-nano'), { workers: 2 });
});

afterAll(async () => {
  await model[Symbol.asyncDispose]();
});

function picture(brightness: number, id?: number): Picture {
  const { pictureSide: side } = model.capabilities;
  if (side === null) throw new Error('duet-nano takes pictures of one size');
  const rgb = new Uint8Array(side * side * 3).map((_, index) => (index * brightness) % 256);
  return { width: side, height: side, rgb, ...(id !== undefined && { id }) };
}

function open(pace: Pace = 'realtime'): Promise<DuetContext> {
  return model.openContext({ ...defaultPrompt(model.capabilities), pace: () => pace });
}

/** Runs with as many contexts of one worker. */
async function withContexts(
  count: number,
  use: (...contexts: readonly DuetContext[]) => Promise<void>,
): Promise<void> {
  const opened: DuetContext[] = [];
  for (let index = 0; index < 2 * count; index++) opened.push(await open());
  const onFirst = opened.filter((context) => context.worker === 0);
  expect(onFirst).toHaveLength(count);
  await use(...onFirst);
  for (const context of opened) await context[Symbol.asyncDispose]();
}

/** To four digits: a product of matrices depends a little on its number of rows. */
function informative(frames: readonly ScoredFrame[] = []): readonly string[] {
  return frames.map(({ scores }) => scores.informative.toPrecision(4));
}

const encoded = (): number => model.load?.encodedPictures ?? 0;

test('contexts of one worker encode a picture they share once, and score it as their own', async () => {
  await withContexts(4, async (...contexts) => {
    const before = encoded();
    const shared = [picture(3, 1), picture(5, 2)];
    const scored = await Promise.all(contexts.map((context) => context.appendFrames(shared)));
    expect(encoded() - before).toBe(2);
    await withContexts(1, async (alone) => {
      const own = informative(await alone.appendFrames([picture(3), picture(5)]));
      expect(encoded() - before).toBe(4);
      for (const frames of scored) expect(informative(frames)).toEqual(own);
    });
  });
});

test('of the pictures that contexts share only the newest are kept, and the others encoded again', async () => {
  await withContexts(3, async (first, second, third) => {
    const many = Array.from({ length: 134 }, (_, index) => picture(index + 7, 100 + index));
    await first.appendFrames(many);
    const mixed = [0, 133, 1, 132].flatMap((index) => many[index] ?? []);
    const before = encoded();
    const scored = informative(await second.appendFrames(mixed));
    expect(encoded() - before).toBe(2);
    const unknown = mixed.map(({ width, height, rgb }) => ({ width, height, rgb }));
    expect(scored).toEqual(informative(await third.appendFrames(unknown)));
    expect(encoded() - before).toBe(2 + 4);
  });
});

test('a model knows what its frames cost, at which pace, and on which of its workers', async () => {
  const [realtime, fast] = [await open(), await open('fast')];
  expect(realtime.worker).not.toBe(fast.worker);
  for (let frame = 0; frame < 8; frame++) await realtime.appendFrames([picture(frame)]);
  await fast.appendFrames(Array.from({ length: 8 }, (_, index) => picture(index)));
  const workers = model.load?.workers ?? [];
  expect(workers[realtime.worker ?? -1]?.contexts).toBe(1);
  expect(workers[fast.worker ?? -1]?.fast).toBeGreaterThan(0);
  expect(model.load?.frameMs).toBeGreaterThan(0.1);
  await realtime[Symbol.asyncDispose]();
  await fast[Symbol.asyncDispose]();
});

test('a worker expects of each context what it took lately, and of an idle one its usual share', () => {
  const clock = { ms: 0 };
  const load = new WorkerLoad(() => clock.ms);
  const [busy] = [load.open(), load.open()];
  expect(load.expected(0.1)).toBeCloseTo(0.2);
  for (; clock.ms < 10_000; clock.ms += 100) {
    load.add(busy, { busyMs: 60, encoded: 0, frames: 1, pace: 'realtime' });
  }
  expect(load.realtime).toBeCloseTo(0.6, 1);
  expect(load.fast).toBe(0);
  expect(load.expected(0.1)).toBeCloseTo(0.7, 1);
  clock.ms += 11_000;
  expect(load.expected(0.1)).toBeCloseTo(0.2);
});

test('a rolling sum gives the rate of its window, of a young life too, and forgets what is older', () => {
  const clock = { ms: 1_000_000 };
  const sum = new RollingSum(10_000, () => clock.ms);
  sum.add(100);
  expect(sum.rate).toBeCloseTo(100 / 2500);
  clock.ms += 5000;
  sum.add(400);
  expect(sum.rate).toBeCloseTo(500 / 5000);
  clock.ms += 6000;
  expect(sum.rate).toBeCloseTo(400 / 10_000, 2);
  clock.ms += 60_000;
  expect(sum.rate).toBe(0);
});
