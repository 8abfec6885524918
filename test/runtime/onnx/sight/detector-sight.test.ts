import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../../../server/builder/build-model.js';
import { loadModel } from '../../../../server/runtime/load-model.js';
import type { ContextOptions, DuetContext, ScoredFrame } from '../../../../server/runtime/model.js';
import type { Picture } from '../../../../server/video/frame.js';
import { detectorSide, writeDetectorCheckpoint } from '../../../builder/support/detector-checkpoint.js';

const options: ContextOptions = { systemPrompt: 'Watch the video.', promptLayout: 'trained' };

/** A dark picture at a time, with one bright cell of 4 x 4. */
function cellAt(column: number, row: number, videoTime: number): Picture {
  const rgb = new Uint8Array(detectorSide * detectorSide * 3);
  for (let y = 0; y < 4; y++) {
    const start = ((row * 4 + y) * detectorSide + column * 4) * 3;
    rgb.fill(230, start, start + 12);
  }
  return { width: detectorSide, height: detectorSide, rgb, videoTime };
}

/** It moves from the left to the right along the second row. */
const walk = [0, 1, 2, 3].map((column, index) => cellAt(column, 1, index / 4));

/** It stands on the right. */
const stand = [0, 1, 2, 3].map((index) => cellAt(3, 1, index / 4));

let folder: string;
beforeAll(async () => {
  const checkpoint = await mkdtemp(join(tmpdir(), 'duet-detector-'));
  await writeDetectorCheckpoint(checkpoint);
  const built = await buildModel({ checkpoint, precision: 'fp32', output: join(checkpoint, 'built') });
  folder = built.output;
});

afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

/** Scores of pictures, appended as `parts` cuts them, on worker threads as a server does. */
async function scored(...parts: (readonly Picture[])[]): Promise<number[]> {
  await using model = await loadModel(folder, { workers: 1 });
  await using context = await model.openContext(options);
  const scores: number[] = [];
  for (const part of parts) scores.push(...informative(await context.appendFrames(part)));
  return scores;
}

function informative(frames: readonly ScoredFrame[]): number[] {
  return frames.map(({ scores }) => scores.informative);
}

async function reply(context: DuetContext): Promise<string> {
  let text = '';
  const how = { maxTokens: 50, repetitionPenalty: 1, afterwards: 'remove' } as const;
  for await (const part of context.generateReply(how)) if (part.type === 'text') text += part.text;
  return text;
}

async function withContext(use: (context: DuetContext) => Promise<void>): Promise<void> {
  await using model = await loadModel(folder, { workers: 1 });
  await using context = await model.openContext(options);
  await use(context);
}

test('a grounded decoder says what is there to be told, whatever its weights would have said', async () => {
  const checkpoint = await mkdtemp(join(tmpdir(), 'duet-grounded-'));
  await writeDetectorCheckpoint(checkpoint, true);
  const built = await buildModel({ checkpoint, precision: 'fp32', output: join(checkpoint, 'built') });
  await using model = await loadModel(built.output, { workers: 1 });
  await using context = await model.openContext(options);
  const cell = (index: number) => cellAt(3, 1, index / 4);
  const frames = await context.appendFrames([0, 1, 2, 3, 4].map(cell));
  expect(informative(frames.slice(0, 2))).toEqual([0, 0]);
  expect(frames.at(-1)?.scores.informative).toBeGreaterThan(0);
  expect(await reply(context)).toBe('A truck appears on the right.');
  await context.appendFrames([cell(5)]);
  expect(await reply(context)).toBe('');
  await context.appendUserText('¿Cuántos camiones hay?');
  await context.appendFrames([cell(6)]);
  const [last] = await context.appendFrames([cell(7)]);
  expect(last?.scores.informative).toBeGreaterThan(0);
  expect(await reply(context)).toMatch(/un camión|el camión/i);
  await rm(checkpoint, { recursive: true, force: true });
});

describe('a detector as tower', () => {
  test('follows things the same way, however the pictures are grouped', async () => {
    const together = await scored(walk);
    const oneByOne = await scored(...walk.map((picture) => [picture]));
    expect(oneByOne).toHaveLength(4);
    oneByOne.forEach((score, index) => {
      expect(score).toBeCloseTo(together[index] ?? NaN, 5);
    });
  });

  test('remembers what came before: the same picture scores otherwise after another past', async () => {
    const [, , , arrived] = await scored(walk);
    const standing = await scored(stand);
    expect(Math.abs((arrived ?? NaN) - (standing[3] ?? NaN))).toBeGreaterThan(1e-4);
  });

  test('goes by the time of the pictures', async () => {
    const late = walk.map((picture, index) => ({ ...picture, videoTime: index * 2 }));
    expect(await scored(late)).not.toEqual(await scored(walk));
  });

  test('forgets with the context what came after a mark', async () => {
    await withContext(async (context) => {
      const before = await context.appendFrames(walk.slice(0, 2));
      const first = await context.appendFrames(walk.slice(2));
      const mark = before[1]?.mark;
      if (mark === undefined) throw new Error('no mark came');
      await context.cutBackTo(mark);
      await context.appendFrames([cellAt(0, 3, 0.5), cellAt(1, 3, 0.75)]);
      await context.cutBackTo(mark);
      expect(informative(await context.appendFrames(walk.slice(2)))).toEqual(informative(first));
    });
  });

  test('sees nothing new when the same moment is looked at again', async () => {
    await withContext(async (context) => {
      const [frame] = await context.appendFrames(walk.slice(0, 1));
      const again = await context.appendFrames(walk.slice(0, 1));
      expect(sightOf(again[0])).toEqual(sightOf(frame));
    });
  });

  test('begins anew when time goes back', async () => {
    await withContext(async (context) => {
      await context.appendFrames(walk);
      const [frame] = await context.appendFrames(walk.slice(0, 1));
      expect(sightOf(frame)).toMatchObject({ time: 0, scene: { start: 0 } });
    });
  });

  test('follows on in a context that takes over from another', async () => {
    await using model = await loadModel(folder, { workers: 1 });
    await using first = await model.openContext(options);
    const frames = await first.appendFrames(stand.slice(0, 3));
    const follows = frames[2]?.mark ?? first.start;
    await using second = await model.openContext({ ...options, follows });
    const [taken] = await second.appendFrames(stand.slice(3));
    expect(sightOf(taken)).toMatchObject({ scene: { start: 0 }, slots: [{ hits: 4, born: 0 }] });
    await using other = await model.openContext(options);
    const [fresh] = await other.appendFrames(stand.slice(3));
    expect(sightOf(fresh)).toMatchObject({ scene: { start: 0.75 }, slots: [{ hits: 1, born: 0.75 }] });
  });

  test('still follows what it saw before a range was evicted', async () => {
    await withContext(async (context) => {
      const frames = await context.appendFrames(stand.slice(0, 3));
      const [from, to] = [frames[0]?.mark, frames[1]?.mark];
      if (from === undefined || to === undefined) throw new Error('no marks came');
      await context.evict(from, to);
      const [last] = await context.appendFrames(stand.slice(3));
      expect(sightOf(last)).toMatchObject({ scene: { start: 0 }, slots: [{ hits: 4, born: 0 }] });
    });
  });
});

/** What a mark says of the things that are followed; only the slots in use. */
function sightOf(frame: ScoredFrame | undefined): unknown {
  const { sight } = frame?.mark.place as { sight: { slots: unknown[] } };
  return { ...sight, slots: sight.slots.filter((slot) => slot !== null) };
}
