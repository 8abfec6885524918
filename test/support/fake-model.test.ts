import { expect, test } from 'vitest';
import type { ReplyPart } from '../../server/runtime/model.js';
import { FakeModel, fakePicture, scoresByFirstByte } from './fake-model.js';

const options = { systemPrompt: 'You watch.', promptLayout: 'trained' } as const;
const reply = { maxTokens: 10, repetitionPenalty: 1, afterwards: 'keep' } as const;

async function collect(parts: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const all: ReplyPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('the fake scores pictures by their first byte, also when they are appended again after a cut', async () => {
  const model = new FakeModel({
    scores: scoresByFirstByte([0.1, 0.9].map((informative) => ({ informative, relevance: 0 }))),
  });
  const context = await model.openContext(options);
  const [first, second] = await context.appendFrames([fakePicture(0), fakePicture(1)]);
  expect([first?.scores.informative, second?.scores.informative]).toEqual([0.1, 0.9]);
  if (first === undefined) throw new Error('no frame');
  await context.cutBackTo(first.mark);
  expect(context.size).toBe(first.mark.tokens);
  expect((await context.appendFrames([fakePicture(1)]))[0]?.scores.informative).toBe(0.9);
});

test('the fake ends a held reply as cancelled when it is aborted', async () => {
  const abort = new AbortController();
  const model = new FakeModel({
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
    { type: 'end', reason: 'cancelled', tokens: [100] },
  ]);
  expect(model.heard.at(-1)).toEqual({ type: 'reply-end', context: 0, reason: 'cancelled' });
});

test('the fake refuses overlapping calls and a full context', async () => {
  const model = new FakeModel({ description: {} });
  const context = await model.openContext(options);
  const running = context.appendUserText('one');
  await expect(context.appendUserText('two')).rejects.toMatchObject({ code: 'internal' });
  await running;
  await expect(context.appendUserText('word '.repeat(5000))).rejects.toMatchObject({ code: 'context_full' });
});

test('a removed reply leaves no entry, a kept one does', async () => {
  const model = new FakeModel({ replies: ['A dog barks.', ['A cat', ' sleeps.']] });
  const context = await model.openContext(options);
  await collect(context.generateReply({ ...reply, afterwards: 'remove' }));
  const size = context.size;
  await collect(context.generateReply(reply));
  expect(context.size).toBeGreaterThan(size);
  expect(model.contexts[0]?.entries.at(-1)).toMatchObject({ type: 'assistant', text: 'A cat sleeps.' });
});
