import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPrompt } from '../../server/runtime/capabilities.js';
import { loadModel } from '../../server/runtime/load-model.js';
import { ParityModels } from './support/parity-models.js';
import { parityPicture } from './support/parity-session.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./support/run-model.ts', import.meta.url));

let models: ParityModels;
let folder: string;

beforeAll(async () => {
  models = await ParityModels.create();
  folder = await models.build('grid');
});

afterAll(() => models[Symbol.asyncDispose]());

test('a loaded model describes itself, watches and speaks from its workers', async () => {
  await using model = await loadModel(folder, { workers: 2 });
  expect(model.capabilities).toMatchObject({ name: 'grid', capacity: { frame: 9 } });
  const prompt = defaultPrompt(model.capabilities);
  const contexts = await Promise.all([1, 2].map(() => model.openContext(prompt)));
  const scored = await Promise.all(contexts.map((context) => context.appendFrames([parityPicture(1, 130)])));
  expect(scored[0]).toEqual(scored[1]);
});

test('frames of one context are scored while another on the same worker speaks', async () => {
  await using model = await loadModel(folder, { workers: 1 });
  const prompt = defaultPrompt(model.capabilities);
  const [speaker, watcher] = await Promise.all([1, 2].map(() => model.openContext(prompt)));
  if (speaker === undefined || watcher === undefined) throw new Error('no contexts');
  const order: string[] = [];
  const speaking = (async () => {
    // A penalty this large makes a small random model say something new each time.
    const options = { maxTokens: 300, repetitionPenalty: 100, afterwards: 'remove' } as const;
    for await (const part of speaker.generateReply(options)) order.push(part.type);
  })();
  for (let frame = 0; frame < 3; frame++) {
    await watcher.appendFrames([parityPicture(frame, 130)]);
    order.push('frame');
  }
  await speaking;
  expect(order.indexOf('end')).toBeGreaterThan(20);
  expect(order.lastIndexOf('frame')).toBeLessThan(order.indexOf('end'));
});

test('frames of one context are scored between the slices of another one', async () => {
  await using model = await loadModel(folder, { workers: 1 });
  const prompt = defaultPrompt(model.capabilities);
  const [reader, watcher] = await Promise.all([1, 2].map(() => model.openContext(prompt)));
  if (reader === undefined || watcher === undefined) throw new Error('no contexts');
  const order: string[] = [];
  const text = 'What is happening now? '.repeat(80);
  expect(await model.measure(text)).toBeGreaterThan(500);
  const reading = reader.appendUserText(text).then(() => order.push('read'));
  for (let frame = 0; frame < 3; frame++) {
    await watcher.appendFrames([parityPicture(frame, 130)]);
    order.push('frame');
  }
  await reading;
  expect(order).toEqual(['frame', 'frame', 'frame', 'read']);
});

test('a process that leaves an idle model behind ends by itself', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program, folder, 'leaves']);
  expect(stdout.trim()).toBe('left');
});

test('disposing during a reply ends the reply and the process in good order', async () => {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program, folder, 'disposes']);
  expect(stdout.trim()).toBe('cancelled');
});

test.each([
  ['workers', 0],
  ['workers', 1.5],
  ['threadsPerWorker', -1],
])('%s of %s is refused', async (name, value) => {
  await expect(loadModel(folder, { [name]: value })).rejects.toMatchObject({
    code: 'invalid_request',
    message: `${name} is ${value}; it must be a whole number from 1`,
  });
});

test('loading is aborted', async () => {
  await expect(loadModel(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('an altered model is not loaded', async () => {
  const altered = await models.build('tied');
  await appendFile(join(altered, 'tokenizer.json'), ' ');
  await expect(loadModel(altered)).rejects.toMatchObject({ code: 'model_failed' });
});
