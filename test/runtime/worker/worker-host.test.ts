import { expect, test } from 'vitest';
import type { ReplyPart } from '../../../server/runtime/model.js';
import { PendingCalls } from '../../../server/runtime/worker/pending-calls.js';
import { ContextProxy } from '../../../server/runtime/worker/context-proxy.js';
import { partsAhead } from '../../../server/runtime/worker/messages.js';
import type { FromWorker, ToWorker } from '../../../server/runtime/worker/messages.js';
import type { Work } from '../../../server/runtime/worker/worker-load.js';
import { WorkerHost } from '../../../server/runtime/worker/worker-host.js';
import { ScriptedModel, plainPicture } from '../../../server/runtime/scripted/scripted-model.js';
import type { Script } from '../../../server/runtime/scripted/script.js';

const options = { systemPrompt: 'You watch.', promptLayout: 'trained' } as const;
const keep = { maxTokens: 1000, repetitionPenalty: 1, afterwards: 'keep' } as const;

/**
 * A host and an asking side on one thread; messages are cloned as between threads and arrive in later turns
 * of the event loop.
 */
async function connected(script: Script = {}) {
  const model = new ScriptedModel(script);
  const toWorker: ToWorker[] = [];
  const fromWorker: FromWorker[] = [];
  const busy: boolean[] = [];
  const board = new PendingCalls(
    (message, transfer) => {
      const cloned = structuredClone(message, { transfer: [...transfer] });
      toWorker.push(cloned);
      setImmediate(() => {
        if (cloned.type !== 'stop') host.handle(cloned);
      });
    },
    (now) => busy.push(now),
  );
  const host = new WorkerHost(model, (message) => {
    const cloned = structuredClone(message);
    fromWorker.push(cloned);
    setImmediate(() => {
      if ('call' in cloned) board.deliver(cloned);
    });
  });
  const closed = { count: 0 };
  const work: Work[] = [];
  const home = { worker: 0, onClose: () => closed.count++, onWork: (done: Work) => work.push(done) };
  const context = await ContextProxy.open(board, 0, options, home);
  return { model, host, board, context, toWorker, fromWorker, busy, closed, work };
}

function* words(): Generator<string> {
  for (let word = 0; ; word++) yield ` word${word}`;
}

async function collect(parts: AsyncIterable<ReplyPart>): Promise<ReplyPart[]> {
  const all: ReplyPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('a worker counts the tokens of a text, also while a context speaks', async () => {
  const { board, context } = await connected({ replies: words });
  const reply = context.generateReply(keep);
  await reply[Symbol.asyncIterator]().next();
  expect(await board.ask({ type: 'measure', text: 'three little words' })).toMatchObject({
    type: 'measured',
    amount: 3,
    size: 0,
  });
  await context[Symbol.asyncDispose]();
});

test('a context on a worker forgets a range in its middle', async () => {
  const { context, model } = await connected({});
  const question = await context.appendUserText('What is it?');
  const [first] = await context.appendFrames([plainPicture(1), plainPicture(2)]);
  if (first === undefined) throw new Error('no frame');
  await context.evict(question, first.mark);
  expect(model.contexts[0]?.entries.map(({ type }) => type)).toEqual(['system', 'user', 'frame']);
  expect(context.size).toBe(model.contexts[0]?.size);
  await context.evict(context.start, question);
  expect(model.contexts[0]?.entries.map(({ type }) => type)).toEqual(['system', 'frame']);
});

test('a context on a worker returns what the model returns, and knows its size', async () => {
  const { context, model } = await connected({
    scores: [{ informative: 0.25, relevance: 0.5 }],
    replies: [['A dog', ' barks.']],
  });
  expect(await context.appendFrames([plainPicture(1)])).toEqual([
    { scores: { informative: 0.25, relevance: 0.5 }, mark: { place: 1 } },
  ]);
  await context.appendUserText('What is it?');
  expect(await collect(context.generateReply(keep))).toEqual([
    { type: 'text', text: 'A dog' },
    { type: 'text', text: ' barks.' },
    { type: 'end', reason: 'completed', tokens: 2, tokenIds: [100, 101], mark: { place: 3 } },
  ]);
  expect(context.size).toBe(model.contexts[0]?.size);
  await context.cutBackTo({ place: 1 });
  expect(context.size).toBe(11);
  expect(model.heard.map((call) => call.type)).toEqual([
    'open',
    'frames',
    'user',
    'reply',
    'reply-end',
    'cut',
  ]);
});

test('the caller keeps its pictures, and a view into a larger buffer is copied alone', async () => {
  const { context, model } = await connected();
  const large = new Uint8Array(100).fill(7);
  const piece = { width: 2, height: 2, rgb: large.subarray(4, 16) };
  await context.appendFrames([plainPicture(1), piece]);
  await context.appendFrames([piece]);
  const arrived = model.heard.flatMap((call) => (call.type === 'frames' ? call.pictures : []));
  expect(arrived.map((picture) => [picture.rgb[0], picture.rgb.buffer.byteLength])).toEqual([
    [1, 12],
    [7, 12],
    [7, 12],
  ]);
});

test('one picture given twice arrives twice', async () => {
  const { context, model } = await connected();
  const picture = plainPicture(9);
  await context.appendFrames([picture, picture]);
  expect(model.contexts[0]?.entries.filter((entry) => entry.type === 'frame')).toHaveLength(2);
});

test('an error keeps its code, message and cause across threads', async () => {
  const { context } = await connected();
  await expect(context.appendUserText('word '.repeat(5000))).rejects.toMatchObject({
    name: 'DuetError',
    code: 'context_full',
    retryable: false,
    message: expect.stringContaining('do not fit') as string,
  });
  await context.appendUserText('short');
});

test('leaving the reply early cancels it, and the context is usable at once', async () => {
  const { context, model } = await connected({ replies: words });
  const heardText: string[] = [];
  for await (const part of context.generateReply(keep)) {
    if (part.type === 'text') heardText.push(part.text);
    if (heardText.length === 3) break;
  }
  expect(model.heard.at(-1)).toMatchObject({ type: 'reply-end', reason: 'cancelled' });
  expect(context.size).toBe(model.contexts[0]?.size);
  await context.appendFrames([plainPicture(0)]);
});

test('an abort ends the reply with its text so far', async () => {
  const { context } = await connected({ replies: words });
  const abort = new AbortController();
  const parts: ReplyPart[] = [];
  for await (const part of context.generateReply(keep, abort.signal)) {
    parts.push(part);
    if (parts.length === 2) abort.abort();
  }
  expect(parts.slice(0, 2)).toEqual([
    { type: 'text', text: ' word0' },
    { type: 'text', text: ' word1' },
  ]);
  expect(parts.at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
});

test('a reply that is aborted before it begins never reaches the worker', async () => {
  const { context, toWorker } = await connected({ replies: words });
  const parts = await collect(context.generateReply(keep, AbortSignal.abort()));
  expect(parts).toEqual([{ type: 'end', reason: 'cancelled', tokens: 0 }]);
  expect(toWorker.map((message) => message.type)).toEqual(['open']);
});

test('a worker is never more than a fixed number of parts ahead of a slow consumer', async () => {
  const { context, fromWorker } = await connected({ replies: words });
  const reply = context.generateReply(keep)[Symbol.asyncIterator]();
  for (let taken = 1; taken <= 40; taken++) {
    await reply.next();
    for (let turns = 0; turns < 200; turns++) await new Promise((resolve) => setImmediate(resolve));
    const posted = fromWorker.filter((message) => message.type === 'part').length;
    expect(posted - taken).toBeLessThanOrEqual(partsAhead);
  }
  await reply.return(undefined);
});

test('an aborted append throws cancelled and leaves the context as it was', async () => {
  const abort = new AbortController();
  const { context } = await connected({
    before: (call) => {
      if (call.type === 'frames') abort.abort();
      return new Promise((resolve) => setImmediate(resolve));
    },
  });
  const before = context.size;
  await expect(context.appendFrames([plainPicture(0)], abort.signal)).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(context.size).toBe(before);
  await context.appendUserText('still here');
});

test('closing a context ends the reply that runs on it, once, and later calls are refused', async () => {
  const { context, model, closed } = await connected({ replies: words });
  const reply = context.generateReply(keep)[Symbol.asyncIterator]();
  await reply.next();
  await Promise.all([context[Symbol.asyncDispose](), context[Symbol.asyncDispose]()]);
  expect(model.heard.slice(-2).map((call) => call.type)).toEqual(['reply-end', 'close']);
  expect(closed.count).toBe(1);
  await expect(context.appendUserText('anyone?')).rejects.toMatchObject({ code: 'model_failed' });
});

test('stopping the host ends its calls and frees the model', async () => {
  const { context, model, host } = await connected({ replies: words });
  const reply = collect(context.generateReply(keep));
  await new Promise((resolve) => setImmediate(resolve));
  await host.stop();
  expect(model.closed).toBe(true);
  expect((await reply).at(-1)).toMatchObject({ type: 'end', reason: 'cancelled' });
});

test('the calling side reports whether it is busy, so that idle workers can exit', async () => {
  const { context, busy } = await connected();
  await Promise.all([
    context.appendUserText('one'),
    context.appendFrames([plainPicture(0)]).catch(() => undefined),
  ]);
  expect(busy).toEqual([true, false, true, false]);
});
