import { expect, test } from 'vitest';
import { DraftedTokens } from '../../../../server/runtime/onnx/context/drafted-tokens.js';
import { EarlierReplies } from '../../../../server/runtime/onnx/context/earlier-replies.js';
import type { FeedTarget } from '../../../../server/runtime/onnx/context/feed.js';
import { OneOfTexts } from '../../../../server/runtime/onnx/context/one-of-texts.js';
import { KeyValueCache } from '../../../../server/runtime/onnx/graphs/cache.js';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import type { ReplyOptions, ReplyPart } from '../../../../server/runtime/model.js';
import { ParityModels } from '../../support/parity-models.js';
import { parityPicture } from '../../support/parity-session.js';

const shape = { layers: 1, keyValueHeads: 1, headSize: 2, ropeTheta: 10_000, maxRows: 12 };
/** Its embeddings are the tokens, and the logits behind a row the hidden state. */
const vocabulary = {
  embed: (tokens: readonly number[]) => Promise.resolve(Float32Array.from(tokens)),
  logits: (hidden: Float32Array) => Promise.resolve(hidden),
  logitsOfRows: (hidden: Float32Array) => Promise.resolve(Array.from(hidden, (row) => Float32Array.of(row))),
};

/** A decoder whose rows and hidden states are the tokens themselves, and what it was called with. */
function echo(): { target: FeedTarget; cache: KeyValueCache; calls: string[] } {
  const cache = new KeyValueCache(shape);
  const calls: string[] = [];
  const rowsOf = (embeddings: Float32Array) =>
    [0, 1].map(() => Float32Array.from([...embeddings].flatMap((token) => [token, -token])));
  const decoder: FeedTarget['decoder'] = {
    ...{ cacheShape: shape, isShared: false, mostRows: Infinity },
    append: () => Promise.reject(new Error('not needed')),
    appendForLast: (into, embeddings) => {
      calls.push(`append ${embeddings.join(' ')}`);
      into.append(embeddings.length, rowsOf(embeddings));
      return Promise.resolve(embeddings.slice(-1));
    },
    lookAhead: (_, embeddings) => {
      calls.push(`look ahead ${embeddings.join(' ')}`);
      return Promise.resolve({ slots: rowsOf(embeddings), hidden: embeddings });
    },
  };
  return { target: { decoder, cache, hiddenSize: 1, refuseIfAborted: () => undefined }, cache, calls };
}

async function feedAll(drafted: DraftedTokens, target: FeedTarget, tokens: readonly number[]): Promise<void> {
  for (const token of tokens) expect([...(await drafted.feed(target, [token]))]).toEqual([token]);
}

test('tokens that were foreseen cost no call of their own, and leave the same rows', async () => {
  const { target, cache, calls } = echo();
  const drafts = [[8, 9, 10], [], []];
  const drafted = new DraftedTokens(vocabulary, () => drafts.shift() ?? []);
  await feedAll(drafted, target, [7, 8, 9, 4, 5]);
  expect(calls).toEqual(['look ahead 7 8 9 10', 'append 4', 'append 5']);
  expect([...cache.rows(0)]).toEqual([7, 8, 9, 4, 5].flatMap((token) => [token, -token]));
});

test('the markup before a reply is fed with what the reply may begin with', async () => {
  const { target, cache, calls } = echo();
  const drafts = [[8, 9], []];
  const drafted = new DraftedTokens(vocabulary, () => drafts.shift() ?? []);
  expect([...(await drafted.feed(target, [1, 2, 3]))]).toEqual([3]);
  expect([...cache.rows(0)]).toEqual([1, 2, 3].flatMap((token) => [token, -token]));
  await feedAll(drafted, target, [8, 5]);
  expect(calls).toEqual(['look ahead 1 2 3 8 9', 'append 5']);
});

test('nothing is foreseen beyond the room that is left', async () => {
  const { target, cache, calls } = echo();
  const asked: number[] = [];
  const drafted = new DraftedTokens(vocabulary, (most) => {
    asked.push(most);
    return [1, 2, 3, 4, 5, 6, 7, 8].slice(0, most);
  });
  cache.append(9, [new Float32Array(18), new Float32Array(18)]);
  await feedAll(drafted, target, [3, 1, 2]);
  expect(asked).toEqual([2]);
  expect(calls).toEqual(['look ahead 3 1 2']);
  expect(cache.length).toBe(12);
});

test('a reply is continued as the latest one that came the same way', () => {
  const earlier = new EarlierReplies();
  expect(earlier.continuation([5], 8)).toEqual([]);
  expect(earlier.continuation([], 8)).toEqual([]);
  earlier.add([5, 6, 7]);
  earlier.add([5, 6, 8, 9]);
  expect(earlier.continuation([], 2)).toEqual([5, 6]);
  expect(earlier.continuation([5], 8)).toEqual([6, 8, 9]);
  expect(earlier.continuation([1, 5, 6], 1)).toEqual([8]);
  expect(earlier.continuation([5, 6, 7], 8)).toEqual([]);
  for (let round = 0; round < 5000; round++) earlier.add([1, 2]);
  expect(earlier.continuation([5], 8)).toEqual([]);
});

test('what came behind the last token alone is the second best guess', () => {
  const earlier = new EarlierReplies();
  earlier.add([5, 6, 7]);
  expect(earlier.continuation([9, 6], 8)).toEqual([7]);
  expect(earlier.continuation([6, 9], 8)).toEqual([]);
});

test('two tokens more are foreseen than were right the last time', () => {
  const earlier = new EarlierReplies();
  earlier.add([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(earlier.continuation([1], 8)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  expect(earlier.continuation([1, 2, 9, 3], 8)).toEqual([4, 5, 6]);
  expect(earlier.continuation([1, 2, 9, 3, 4, 5, 6], 8)).toEqual([7, 8]);
  // Of the two that were foreseen last, none was said before the reply ended.
  earlier.add([1, 2, 9, 3, 4, 5, 6]);
  expect(earlier.continuation([9], 8)).toEqual([3, 4]);
});

test('certain is what all texts that are left go on with', () => {
  const texts = new OneOfTexts([{ tokens: [1, 2, 3] }, { tokens: [1, 2, 4] }, { tokens: [7] }], 0);
  expect(texts.certain(8)).toEqual([]);
  texts.take(1);
  expect(texts.certain(8)).toEqual([2]);
  expect(texts.certain(0)).toEqual([]);
  texts.take(2);
  texts.take(3);
  expect(texts.certain(8)).toEqual([]);
});

test.each(['keep', 'remove'] as const)(
  'replies are those of a context without earlier ones: %s',
  async (afterwards) => {
    await using models = await ParityModels.create();
    const path = await models.build('grid');
    const manifest = await readManifest(path);
    await using model = await OnnxModel.load(path, manifest, {
      threads: 1,
    });
    const options: ReplyOptions = { maxTokens: 12, repetitionPenalty: 1, afterwards };
    const pictures = [0, 1].map((index) => parityPicture(index, manifest.picture.side));
    const layout = { systemPrompt: 'Watch the video.', promptLayout: 'trained' } as const;
    const ends: ReplyPart[] = [];
    const scores: number[] = [];
    const context = await model.openContext(layout);
    for (let round = 0; round < 2; round++) {
      await context.appendFrames(pictures);
      for await (const part of context.generateReply(options)) if (part.type === 'end') ends.push(part);
      const [next] = await context.appendFrames(pictures.slice(0, 1));
      scores.push(next?.scores.informative ?? NaN);
      await context.cutBackTo(context.start);
    }
    const [fresh, again] = ends.map((end) => (end.type === 'end' ? end.tokenIds : undefined));
    expect(fresh?.length).toBeGreaterThan(6);
    expect(again).toEqual(fresh);
    expect(Math.abs((scores[1] ?? NaN) - (scores[0] ?? NaN))).toBeLessThan(1e-5);
  },
);
