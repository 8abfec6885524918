import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeHeads } from '../../../server/builder/fold/write-heads.js';
import { readHeads, scoresOfHidden } from '../../../server/runtime/heads/duet-heads.js';
import { scoresOfLogProbabilities } from '../../../server/runtime/heads/folded-tokens.js';
import { changeTensors, checkpointCopy } from '../../builder/support/checkpoint-copy.js';
import { expectedValues, fixtureFolder } from '../../builder/support/parity-fixture.js';
import { float32Tensor } from '../../builder/support/safetensors-bytes.js';
import { temporaryFolder } from '../../builder/support/temporary-folder.js';

test.each([
  { name: 'grid', adapter: undefined },
  { name: 'tied', adapter: undefined },
  { name: 'lora', adapter: fixtureFolder('lora-adapter') },
])('$name: heads written alone score hidden states as PyTorch does', async ({ name, adapter }) => {
  const output = join(await temporaryFolder(), 'heads');
  const heads = await readHeads(await writeHeads({ checkpoint: fixtureFolder(name), adapter, output }));
  const hidden = await expectedValues(name)('hidden');
  const informative = await expectedValues(name)('informative');
  const relevance = await expectedValues(name)('relevance');
  const size = heads.informative.weight.length / 2;
  for (let position = 0; position < hidden.length / size; position++) {
    const scores = scoresOfHidden(heads, hidden.subarray(position * size, (position + 1) * size));
    for (const [score, logits] of [
      [scores.informative, informative],
      [scores.relevance, relevance],
    ] as const) {
      const [no = NaN, yes = NaN] = logits.subarray(2 * position, 2 * position + 2);
      expect(Math.abs(score - 1 / (1 + Math.exp(no - yes)))).toBeLessThan(1e-5);
    }
  }
});

test('biases count, and a hidden state of another model is refused', async () => {
  const checkpoint = await checkpointCopy('grid');
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) => ({
    ...tensors,
    'relevance_head.bias': float32Tensor([2], [2, 1]),
  }));
  const output = join(await temporaryFolder(), 'heads');
  const heads = await readHeads(await writeHeads({ checkpoint, output }));
  const nothing = new Float32Array(64);
  expect(scoresOfHidden(heads, nothing)).toEqual({ informative: 0.5, relevance: 1 / (1 + Math.exp(1)) });
  expect(() => scoresOfHidden(heads, new Float32Array(8))).toThrow(/8 numbers came for heads of 64/);
  expect(() => scoresOfHidden(heads, nothing.fill(NaN))).toThrow(/damaged or overflow/);
});

test('a file without the heads is refused by name', async () => {
  const path = join(fixtureFolder('lora'), 'model.safetensors');
  await expect(readHeads(path)).rejects.toThrow(/no "informative_head.weight" of 2 rows; .*--heads-only/);
});

test('a token that the engine left out is named', () => {
  const head = { no: { id: 5, text: '<no>' }, yes: { id: 6, text: '<yes>' }, offset: 0 };
  const tokens = { formatVersion: 1, informative: head, relevance: head } as const;
  expect(() => scoresOfLogProbabilities(tokens, new Map([[5, -1]]))).toThrow(
    /no log probability for .*<yes> \(6\)/,
  );
});
