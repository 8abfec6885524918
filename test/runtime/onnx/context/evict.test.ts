import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../../../server/builder/build-model.js';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import type { Manifest } from '../../../../server/runtime/folder/manifest.js';
import type { ContextMark, ContextOptions, FrameScores } from '../../../../server/runtime/model.js';
import type { OnnxContext } from '../../../../server/runtime/onnx/context/context.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import { changeConfig, changeTensors } from '../../../builder/support/checkpoint-copy.js';
import { parityFolder, parityPicture } from '../../support/parity-session.js';

const trained: ContextOptions = { systemPrompt: 'Watch the video.', promptLayout: 'trained' };
const graphs = { threads: 1 };

interface Loaded {
  readonly model: OnnxModel;
  readonly manifest: Manifest;
}

/** The fixture with its first layers only. Every later layer sees what was evicted, a single one does not. */
async function loadWithLayers(layers: number): Promise<Loaded> {
  const checkpoint = join(folder, `layers-${layers}`);
  await cp(join(parityFolder, 'grid'), checkpoint, { recursive: true });
  await changeConfig(checkpoint, { num_hidden_layers: layers });
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) =>
    Object.fromEntries(
      Object.entries(tensors).filter(
        ([name]) => Number(/model\.layers\.(\d+)\./.exec(name)?.[1] ?? 0) < layers,
      ),
    ),
  );
  const output = join(checkpoint, 'built');
  await buildModel({ checkpoint, precision: 'fp32', output });
  const manifest = await readManifest(output);
  return { manifest, model: await OnnxModel.load(output, manifest, graphs) };
}

let folder: string;
let shallow: Loaded;
let deep: Loaded;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duet-evict-'));
  shallow = await loadWithLayers(1);
  deep = await loadWithLayers(3);
});

afterAll(async () => {
  await shallow.model[Symbol.asyncDispose]();
  await deep.model[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function append(context: OnnxContext, ...indices: number[]) {
  const { side } = shallow.manifest.picture;
  return context.appendFrames(indices.map((index) => parityPicture(index, side)));
}

async function marksOf(context: OnnxContext, ...indices: number[]): Promise<ContextMark[]> {
  return (await append(context, ...indices)).map(({ mark }) => mark);
}

async function scoresOf(context: OnnxContext, ...indices: number[]): Promise<FrameScores[]> {
  return (await append(context, ...indices)).map(({ scores }) => scores);
}

function difference(one: readonly FrameScores[], two: readonly FrameScores[]): number {
  const numbers = (scores: readonly FrameScores[]) => scores.flatMap((s) => [s.informative, s.relevance]);
  const second = numbers(two);
  return Math.max(...numbers(one).map((score, index) => Math.abs(score - (second[index] ?? NaN))));
}

function nth(marks: readonly ContextMark[], index: number): ContextMark {
  const found = marks.at(index);
  if (found === undefined) throw new Error(`no mark ${index}`);
  return found;
}

describe('after an eviction, with contiguous positions,', () => {
  test('a model of one layer scores exactly as if only what is kept had been appended', async () => {
    const context = await shallow.model.openContext(trained);
    const marks = await marksOf(context, 0, 1, 2, 3, 4);
    await context.evict(context.start, nth(marks, 2));
    const fresh = await shallow.model.openContext(trained);
    await append(fresh, 3, 4);
    expect(context.size).toBe(fresh.size);
    expect(difference(await scoresOf(context, 5, 6), await scoresOf(fresh, 5, 6))).toBeLessThan(1e-5);
  });

  test('that holds after 200 evictions too: turning keys again and again does not add up', async () => {
    const context = await shallow.model.openContext(trained);
    const text = await context.appendUserText('What stands there?');
    let marks = await marksOf(context, 0, 1, 2, 3);
    for (let round = 1; round <= 200; round++) {
      const [first] = marks;
      if (first === undefined) throw new Error('no frame');
      await context.evict(text, first);
      marks = [...marks.slice(1), ...(await marksOf(context, (round + 3) % 50))];
    }
    const fresh = await shallow.model.openContext(trained);
    await fresh.appendUserText('What stands there?');
    await append(fresh, ...[200, 201, 202, 203].map((index) => index % 50));
    expect(context.size).toBe(fresh.size);
    expect(difference(await scoresOf(context, 5, 6), await scoresOf(fresh, 5, 6))).toBeLessThan(1e-5);
  });

  test('texts and kept replies stay in well-formed markup, without turns that have become empty', async () => {
    const context = await shallow.model.openContext(trained);
    await append(context, 0, 1);
    const [before] = await marksOf(context, 2);
    const text = await context.appendUserText('What stands there?');
    const [after] = await marksOf(context, 3);
    await append(context, 4);
    if (before === undefined || after === undefined) throw new Error('no frame');
    await context.evict(context.start, before);
    await context.evict(text, after);
    const fresh = await shallow.model.openContext(trained);
    await fresh.appendUserText('What stands there?');
    await append(fresh, 4);
    expect(context.size).toBe(fresh.size);
    expect(difference(await scoresOf(context, 5), await scoresOf(fresh, 5))).toBeLessThan(1e-5);
  });

  test('a model of several layers differs a little, because what is kept has seen what is gone', async () => {
    const context = await deep.model.openContext(trained);
    const marks = await marksOf(context, 0, 1, 2, 3, 4);
    await context.evict(context.start, nth(marks, 2));
    const fresh = await deep.model.openContext(trained);
    await append(fresh, 3, 4);
    const found = difference(await scoresOf(context, 5), await scoresOf(fresh, 5));
    expect(found).toBeGreaterThan(1e-6);
    expect(found).toBeLessThan(0.05);
  });
});

describe('with original positions', () => {
  test('what is kept keeps its places, so the scores differ from those of a contiguous context', async () => {
    const scores: FrameScores[][] = [];
    for (const positions of ['contiguous', 'original'] as const) {
      const context = await shallow.model.openContext({ ...trained, positions });
      const marks = await marksOf(context, 0, 1, 2, 3, 4);
      await context.evict(context.start, nth(marks, 2));
      scores.push(await scoresOf(context, 5));
    }
    expect(difference(scores[0] ?? [], scores[1] ?? [])).toBeGreaterThan(1e-6);
  });

  test('before the first eviction there is no difference, bit for bit', async () => {
    const scores = await Promise.all(
      (['contiguous', 'original'] as const).map(async (positions) =>
        scoresOf(await deep.model.openContext({ ...trained, positions }), 0, 1, 2),
      ),
    );
    expect(scores[0]).toEqual(scores[1]);
  });
});

describe('marks after an eviction', () => {
  test('lead back to their places, and one inside what is gone is refused', async () => {
    const context = await deep.model.openContext(trained);
    const marks = await marksOf(context, 0, 1, 2, 3, 4, 5);
    await context.evict(context.start, nth(marks, 2));
    const step = deep.manifest.tokensPerFrame;
    const { size } = context;
    const expected = await scoresOf(context, 8);
    await context.cutBackTo(nth(marks, -1));
    expect(context.size).toBe(size);
    expect(await scoresOf(context, 8)).toEqual(expected);
    await context.cutBackTo(nth(marks, 3));
    expect(context.size).toBe(size - 2 * step);
    await expect(context.cutBackTo(nth(marks, 0))).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('no longer in the context') as string,
    });
    await context.cutBackTo(context.start);
    expect(await scoresOf(context, 8)).toEqual(await scoresOf(await deep.model.openContext(trained), 8));
  });

  test('a kept reply has one, and is forgotten by it', async () => {
    const context = await deep.model.openContext(trained);
    const [frame] = await marksOf(context, 0);
    let said: ContextMark | undefined;
    const reply = { maxTokens: 4, repetitionPenalty: 1, afterwards: 'keep' } as const;
    for await (const part of context.generateReply(reply)) if (part.type === 'end') said = part.mark;
    if (said === undefined || frame === undefined) throw new Error('no mark');
    // It is not closed yet, so it cannot be told apart from what follows.
    const open = context.size;
    await context.evict(frame, said);
    expect(context.size).toBe(open);
    const [next] = await marksOf(context, 1);
    await context.evict(frame, said);
    const plain = await deep.model.openContext(trained);
    await append(plain, 0, 1);
    // The stream's turn was closed and opened again around the reply, which is a few tokens of markup.
    expect(context.size).toBeGreaterThan(plain.size);
    expect(context.size).toBeLessThan(plain.size + 10);
    if (next !== undefined) await context.cutBackTo(next);
  });
});
