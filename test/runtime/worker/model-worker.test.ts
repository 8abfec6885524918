import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { DuetError } from '../../../server/errors.js';
import { readManifest } from '../../../server/runtime/folder/model-folder.js';
import type { DuetContext, ReplyPart } from '../../../server/runtime/model.js';
import { ModelWorker } from '../../../server/runtime/worker/model-worker.js';
import { typeScriptWorker } from '../../../server/runtime/worker/worker-file.js';
import { WorkerPool } from '../../../server/runtime/worker/worker-pool.js';
import { ScriptedModel, plainPicture } from '../../../server/runtime/scripted/scripted-model.js';

const options = { systemPrompt: 'You watch.', promptLayout: 'trained' } as const;
const keep = { maxTokens: 1_000_000, repetitionPenalty: 1, afterwards: 'keep' } as const;
const { capabilities } = new ScriptedModel();
const manifest = await readManifest(fileURLToPath(new URL('../../../models/duet-nano', import.meta.url)));
const start = { path: '/nowhere', manifest, threads: 1, voice: 'decoder' } as const;
const fakeWorker = typeScriptWorker(new URL('../support/scripted-worker.ts', import.meta.url));

function startFake(
  onCrash: (error: DuetError) => void = () => undefined,
  signal?: AbortSignal,
): Promise<ModelWorker> {
  return ModelWorker.start(start, onCrash, signal, fakeWorker);
}

function pool(size: number): { pool: WorkerPool; started: () => number } {
  let count = 0;
  const made = new WorkerPool(capabilities, size, (onCrash, signal) => {
    count++;
    return startFake(onCrash, signal);
  });
  onTestFinished(() => made[Symbol.asyncDispose]());
  return { pool: made, started: () => count };
}

async function collect(parts: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const all: ReplyPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('a cancel reaches a worker thread while it generates', async () => {
  const { pool: model } = pool(1);
  const context = await model.openContext(options);
  const abort = new AbortController();
  const parts: ReplyPart[] = [];
  for await (const part of context.generateReply(keep, abort.signal)) {
    parts.push(part);
    if (parts.length === 3) abort.abort();
  }
  expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
});

test.each([
  ['throws', 'crash', 'a model worker crashed: out of luck'],
  ['ends', 'exit', 'a model worker ended unexpectedly with exit code 7'],
])('a worker that %s fails its contexts, and new contexts get a new worker', async (_, text, message) => {
  const { pool: model, started } = pool(1);
  const [first, second] = [await model.openContext(options), await model.openContext(options)];
  const reply = collect(second.generateReply(keep));
  const expected = expect.objectContaining({ code: 'model_failed', message }) as Error;
  // The call that crashes the worker may still be answered; the reply beside it cannot end.
  await Promise.allSettled([first.appendUserText(text)]);
  await expect(reply).rejects.toThrow(expected);
  await expect(first.appendFrames([plainPicture(0)])).rejects.toThrow(expected);
  await first[Symbol.asyncDispose]();
  const fresh = await model.openContext(options);
  await fresh.appendUserText('hello');
  expect(started()).toBe(2);
});

test('a context goes to the worker with the fewest contexts; workers start on demand', async () => {
  const { pool: model, started } = pool(2);
  const contexts: DuetContext[] = [];
  for (let opened = 0; opened < 4; opened++) contexts.push(await model.openContext(options));
  expect(started()).toBe(2);
  // Crash the worker of the first context: those on the other worker live on.
  await Promise.allSettled([contexts[0]?.appendUserText('exit')]);
  const alive = await Promise.allSettled(contexts.map((context) => context.appendUserText('hello')));
  expect(alive.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
});

test('a place is free again when its context is closed', async () => {
  const { pool: model, started } = pool(2);
  for (let round = 0; round < 3; round++) {
    const context = await model.openContext(options);
    await context[Symbol.asyncDispose]();
  }
  expect(started()).toBe(1);
});

test('preloading starts as many workers as asked, and twice as many contexts need no more', async () => {
  const { pool: model, started } = pool(2);
  await model.preload(2);
  expect(started()).toBe(2);
  await Promise.all(Array.from({ length: 4 }, () => model.openContext(options)));
  expect(started()).toBe(2);
});

test('disposing ends a running reply, and later calls are refused', async () => {
  const { pool: model } = pool(1);
  const context = await model.openContext(options);
  const reply = collect(context.generateReply(keep));
  await context.appendUserText('overlaps').catch(() => undefined);
  await model[Symbol.asyncDispose]();
  expect((await reply).at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
  await expect(model.openContext(options)).rejects.toMatchObject({ code: 'model_failed' });
  await expect(context.appendUserText('hello')).rejects.toMatchObject({ code: 'model_failed' });
  await context[Symbol.asyncDispose]();
});

test('a model that cannot be loaded says why', async () => {
  const broken = ModelWorker.start(start, () => undefined);
  await expect(broken).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringContaining('/nowhere/vision.onnx could not be loaded') as string,
  });
});

test('loading stops when it is aborted', async () => {
  const abort = new AbortController();
  const loading = startFake(undefined, abort.signal);
  abort.abort();
  await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
});
