import { expect, test } from 'vitest';
import { Generation } from '../../../../server/runtime/onnx/context/generation.js';

const options = { maxTokens: 9, repetitionPenalty: 1, afterwards: 'remove' } as const;

/** A generation of so many tokens with these logits, then the end token 0. */
async function generate(...steps: readonly (readonly number[])[]): Promise<Generation> {
  const [first = [], ...rest] = steps.map((logits) => Float32Array.from(logits));
  const feed = (): Promise<Float32Array | null> => Promise.resolve(rest.shift() ?? null);
  const context = { feed, generated: { tokens: [] }, note: () => undefined, endsReply: new Set([0]) };
  const generation = new Generation(context, options);
  if (steps.length === 0) return generation;
  const tokens = generation.run(Float32Array.from(first));
  while ((await tokens.next()).done !== true);
  return generation;
}

test('the confidence of a reply is the geometric mean of the probabilities of its tokens and of its end', async () => {
  const odds = (...shares: readonly number[]): number[] => shares.map(Math.log);
  const generation = await generate(odds(0.2, 0.8), odds(0.1, 0.4, 0.5), odds(0.9, 0.1));
  expect([generation.reason, generation.tokens]).toEqual(['completed', [1, 2]]);
  expect(generation.confidence).toBeCloseTo(Math.cbrt(0.8 * 0.5 * 0.9), 6);
});

test('logits of any size give a confidence from 0 to 1; nothing chosen gives none', async () => {
  expect((await generate([-1000, 900], [2000, 0])).confidence).toBeCloseTo(1, 9);
  expect((await generate([5, 5])).confidence).toBeCloseTo(0.5, 6);
  const never = await generate(...[]);
  expect(never.confidence).toBeNull();
});
