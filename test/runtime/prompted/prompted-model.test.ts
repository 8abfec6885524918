import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { defaultPrompt } from '../../../server/runtime/capabilities.js';
import { findModel } from '../../../server/runtime/find-model.js';
import type { DuetContext, DuetModel, ReplyPart } from '../../../server/runtime/model.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeStream } from '../../support/fake-stream.js';
import { parityPicture } from '../support/parity-session.js';

const golden = fileURLToPath(new URL('../../golden/exported', import.meta.url));
const exported = join(golden, 'model');
const frameSchema = z.object({ picture: z.int(), informative: z.number(), relevance: z.number() });
const expected = z
  .object({ frames: z.array(frameSchema), told: z.array(z.int()), answered: z.array(z.int()) })
  .parse(JSON.parse(await readFile(join(golden, 'expected.json'), 'utf8')));

const side = 21;
const pictures = expected.frames.map(({ picture }) => parityPicture(picture, side));
const [first, second] = [pictures.slice(0, 4), pictures.slice(4)];

async function open(place: string): Promise<DuetModel> {
  const found = await findModel(place, { workers: 1, onWarning: () => undefined });
  const model = await found.load(new AbortController().signal);
  onTestFinished(() => model[Symbol.asyncDispose]());
  return model;
}

async function openContext(model: DuetModel): Promise<DuetContext> {
  return await model.openContext({ ...defaultPrompt(model.capabilities), positions: 'contiguous' });
}

/** A copy of the folder that a test may spoil. */
async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-exported-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(exported, folder, { recursive: true });
  return folder;
}

async function change(folder: string, name: string, changes: object): Promise<void> {
  const json: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
  await writeFile(join(folder, name), JSON.stringify(Object.assign({}, json, changes)));
}

async function tokensOf(context: DuetContext): Promise<readonly number[] | undefined> {
  const options = { maxTokens: 12, repetitionPenalty: 1, afterwards: 'remove' } as const;
  let end: ReplyPart | undefined;
  for await (const part of context.generateReply(options)) end = part;
  return end?.type === 'end' ? end.tokenIds : undefined;
}

function expectScores(
  found: readonly { readonly scores: { readonly informative: number; readonly relevance: number } }[],
  frames: typeof expected.frames,
  within: number,
): void {
  expect(found.length).toBe(frames.length);
  frames.forEach(({ informative, relevance }, index) => {
    expect(Math.abs((found[index]?.scores.informative ?? NaN) - informative)).toBeLessThan(within);
    expect(Math.abs((found[index]?.scores.relevance ?? NaN) - relevance)).toBeLessThan(within);
  });
}

test('probabilities of yes and replies are those of transformers, also after cutting back', async () => {
  const context = await openContext(await open(exported));
  const seen = await context.appendFrames(first);
  expectScores(seen, expected.frames.slice(0, 4), 1e-4);
  const size = context.size;
  expect(await tokensOf(context)).toEqual(expected.told);
  expect(context.size).toBe(size);
  await context.appendUserText('Where is the cat?');
  expectScores(await context.appendFrames(second.slice(0, 2)), expected.frames.slice(4, 6), 1e-4);
  expectScores(await context.appendFrames(second.slice(2)), expected.frames.slice(6), 1e-4);
  expect(await tokensOf(context)).toEqual(expected.answered);
  const mark = seen[1]?.mark;
  if (mark === undefined) throw new Error('no frame was scored');
  await context.cutBackTo(mark);
  expectScores(await context.appendFrames(first.slice(2)), expected.frames.slice(2, 4), 1e-4);
  expect(await tokensOf(context)).toEqual(expected.told);
});

test('a float16 cache is passed and taken back', async () => {
  const model = await open(`${exported}:fp16`);
  expect(model.capabilities.precision).toBe('fp16');
  const context = await openContext(model);
  expectScores(await context.appendFrames(first), expected.frames.slice(0, 4), 0.01);
});

test('the variant behind the folder is the one that runs', async () => {
  const model = await open(`folder:${exported}:q4`);
  expect(model.capabilities.precision).toBe('int4');
  const [frame] = await (await openContext(model)).appendFrames(first.slice(0, 1));
  expect(frame?.scores.informative).toBeGreaterThanOrEqual(0);
  expect(frame?.scores.informative).toBeLessThanOrEqual(1);
  expect(Math.abs((frame?.scores.informative ?? 0) - (expected.frames[0]?.informative ?? 0))).toBeGreaterThan(
    1e-3,
  );
});

test('what it is asked, how often, and its name stand in duet.json', async () => {
  const folder = await copy();
  const wishes = { name: 'mine', askEvery: 2, prompts: { informative: 'Is it warm? Answer yes or no.' } };
  await writeFile(join(folder, 'duet.json'), JSON.stringify(wishes));
  const model = await open(folder);
  expect(model.capabilities.name).toBe('mine');
  const frames = await (await openContext(model)).appendFrames(first);
  const asked = frames.map(({ scores }) => scores.informative > 0);
  expect(asked).toEqual([false, true, false, true]);
  const usual = expected.frames[1]?.informative ?? NaN;
  expect(Math.abs((frames[1]?.scores.informative ?? NaN) - usual)).toBeGreaterThan(1e-3);
});

test('frames are forgotten in a window, and what is left is well-formed', async () => {
  const context = await openContext(await open(exported));
  const scored = await context.appendFrames(first);
  const [, second, third] = scored;
  if (second === undefined || third === undefined) throw new Error('too few frames were scored');
  const before = context.size;
  await context.evict(context.start, second.mark);
  expect(context.size).toBe(before - 2 * 9);
  await context.cutBackTo(third.mark);
  expect(context.size).toBe(before - 3 * 9);
  await context.evict(context.start, third.mark);
  // The system's turn and the opening of the frames, as in a context without any.
  const fresh = await openContext(await open(exported));
  const [only] = await fresh.appendFrames(first.slice(3));
  const [again] = await context.appendFrames(first.slice(3));
  expect(context.size).toBe(fresh.size);
  expect(again?.scores.informative).toBeCloseTo(only?.scores.informative ?? NaN, 4);
});

test('a whole session: it speaks when it says yes, keeps what it said, and forgets by itself', async () => {
  const model = await open(exported);
  const settings = sessionSettings(model.capabilities, 'default', {
    ...{
      fps: 1,
      cooldown: 0,
      memory: 'windows',
      window: 4,
      maxTokens: 6,
      policy: { type: 'threshold', threshold: 0.5 },
    },
  });
  await using session = await DuetSession.open({ id: 'exported', model, settings, now: () => 0 });
  session.addUserText('Where is the cat?');
  const frames = Array.from({ length: 12 }, (_, index) => ({
    ...{ index, videoTime: index, picture: parityPicture(index, side) },
  }));
  const source = { source: 'test', samplingFps: 1, realtime: false, wholeBatches: true };
  await session.watch(new FakeStream(frames), source);
  const scored = eventsOf(session, 'frame.scored');
  expect(scored.length).toBe(12);
  expect(eventsOf(session, 'response.done').length).toBeGreaterThan(0);
  expect(eventsOf(session, 'session.context.evicted').length).toBeGreaterThan(0);
});

test.each<[string, (folder: string) => Promise<void>, RegExp]>([
  [
    'a graph',
    (folder) => rm(join(folder, 'onnx', 'embed_tokens.onnx')),
    /embed_tokens.onnx is missing; download/,
  ],
  ['the tokenizer', (folder) => rm(join(folder, 'tokenizer.json')), /tokenizer.json is missing; download it/],
  [
    'the settings of pictures',
    (folder) => rm(join(folder, 'preprocessor_config.json')),
    /preprocessor_config.json is missing/,
  ],
  [
    'pictures of the size that the tower takes',
    (folder) => change(folder, 'preprocessor_config.json', { size: { height: 21, width: 28 } }),
    /pictures of 21 x 28, but the tower of config.json takes 21/,
  ],
  [
    'an architecture that is read',
    (folder) =>
      change(folder, 'config.json', { model_type: 'idefics3', text_config: { model_type: 'llama' } }),
    /is a "idefics3" with a decoder "llama"; .* runs LLaVA-OneVision with a Qwen2 decoder/,
  ],
  [
    'a size that is possible',
    (folder) => change(folder, 'config.json', { vision_config: { image_size: 1e9, patch_size: 7 } }),
    /config.json: field "vision_config.image_size": Too big/,
  ],
  [
    'the tokens of the chat markup',
    (folder) => change(folder, 'tokenizer.json', { added_tokens: [] }),
    /tokenizer.json has no token <\|im_end\|>/,
  ],
  [
    'a wish that is known',
    (folder) => writeFile(join(folder, 'duet.json'), '{"askEach": 2}'),
    /duet.json: field "": Unrecognized key: "askEach"/,
  ],
])('a folder without %s is refused by name', async (_, spoil, message) => {
  const folder = await copy();
  await spoil(folder);
  await expect(open(folder)).rejects.toThrow(message);
});

test('a variant that is not there is named, with those that are', async () => {
  await expect(open(`${exported}:bnb4`)).rejects.toThrow(
    /decoder_model_merged_bnb4.onnx is missing; there is fp32, q4, fp16/,
  );
  const folder = await copy();
  await rename(join(folder, 'onnx', 'decoder_model_merged.onnx'), join(folder, 'onnx', 'decoder_model.onnx'));
  const { capabilities } = await open(folder);
  expect(capabilities.precision).toBe('int4');
});

test('settings that belong to another export are noticed when it is loaded', async () => {
  const folder = await copy();
  const config = z.looseObject({ text_config: z.looseObject({}) });
  const { text_config: text } = config.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')));
  await change(folder, 'config.json', { text_config: { ...text, num_hidden_layers: 3 } });
  await expect(open(folder)).rejects.toThrow(/4 inputs of its cache where config.json makes 6/);
  await change(folder, 'config.json', { text_config: { ...text, max_position_embeddings: 20 } });
  await expect(open(folder)).rejects.toThrow(/maxContext 20 is too short for frames of 9 tokens/);
});
