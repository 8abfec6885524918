import { expect, test } from 'vitest';
import type { ReplyPart } from '../../../server/runtime/model.js';
import {
  plainPicture,
  ScriptedModel,
  scoresByFirstByte,
} from '../../../server/runtime/scripted/scripted-model.js';

const options = { systemPrompt: 'You watch.', promptLayout: 'trained' } as const;
const reply = { maxTokens: 10, repetitionPenalty: 1, afterwards: 'keep' } as const;

async function collect(parts: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const all: ReplyPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('pictures are scored by their first byte, also when appended again after a cut', async () => {
  const model = new ScriptedModel({
    scores: scoresByFirstByte([0.1, 0.9].map((informative) => ({ informative, relevance: 0 }))),
  });
  const context = await model.openContext(options);
  const before = context.size;
  const [first, second] = await context.appendFrames([plainPicture(0), plainPicture(1)]);
  expect([first?.scores.informative, second?.scores.informative]).toEqual([0.1, 0.9]);
  if (first === undefined) throw new Error('no frame');
  await context.cutBackTo(first.mark);
  expect(context.size).toBe(before + 4);
  expect((await context.appendFrames([plainPicture(1)]))[0]?.scores.informative).toBe(0.9);
});

test('an aborted reply that is held open ends as cancelled', async () => {
  const abort = new AbortController();
  const model = new ScriptedModel({
    replies: async function* () {
      yield 'A dog';
      abort.abort();
      await new Promise(() => undefined);
      yield ' barks.';
    },
  });
  const context = await model.openContext(options);
  const parts = await collect(context.generateReply(reply, abort.signal));
  expect(parts).toEqual([
    { type: 'text', text: 'A dog' },
    { type: 'end', reason: 'cancelled', tokens: 1, tokenIds: [100], mark: { place: 1 } },
  ]);
  expect(model.heard.at(-1)).toEqual({ type: 'reply-end', context: 0, reason: 'cancelled' });
});

test('the scripted model refuses overlapping calls and a full context', async () => {
  const model = new ScriptedModel({ capabilities: {} });
  const context = await model.openContext(options);
  const running = context.appendUserText('one');
  await expect(context.appendUserText('two')).rejects.toMatchObject({ code: 'internal' });
  await running;
  await expect(context.appendUserText('word '.repeat(5000))).rejects.toMatchObject({ code: 'context_full' });
});

test('a removed reply leaves no entry, a kept one does', async () => {
  const model = new ScriptedModel({ replies: ['A dog barks.', ['A cat', ' sleeps.']] });
  const context = await model.openContext(options);
  await collect(context.generateReply({ ...reply, afterwards: 'remove' }));
  const size = context.size;
  await collect(context.generateReply(reply));
  expect(context.size).toBeGreaterThan(size);
  expect(model.contexts[0]?.entries.at(-1)).toMatchObject({ type: 'assistant', text: 'A cat sleeps.' });
});

test('a range in the middle is forgotten, and marks after it stay valid', async () => {
  const model = new ScriptedModel();
  const context = await model.openContext(options);
  const question = await context.appendUserText('what happens?');
  const frames = await context.appendFrames([0, 1, 2].map((value) => plainPicture(value)));
  const [first, second] = frames.map(({ mark }) => mark);
  if (first === undefined || second === undefined) throw new Error('no frames');
  await context.evict(question, second);
  expect(model.contexts[0]?.entries.map(({ type }) => type)).toEqual(['system', 'user', 'frame']);
  await expect(context.cutBackTo(first)).rejects.toMatchObject({ code: 'internal' });
  await context.cutBackTo(context.start);
  expect(model.contexts[0]?.entries.map(({ type }) => type)).toEqual(['system']);
});

test('what the capabilities exclude is refused', async () => {
  const model = new ScriptedModel({ capabilities: { cutBack: false, evict: false } });
  const context = await model.openContext(options);
  await expect(context.cutBackTo(context.start)).rejects.toMatchObject({ code: 'unsupported' });
  await expect(context.evict(context.start, context.start)).rejects.toMatchObject({ code: 'unsupported' });
});

test('a model without capacity never fills up', async () => {
  const model = new ScriptedModel({ capabilities: { capacity: null } });
  const context = await model.openContext(options);
  await context.appendUserText('word '.repeat(10_000));
  expect([context.size, await model.measure('three little words')]).toEqual([0, 0]);
});
