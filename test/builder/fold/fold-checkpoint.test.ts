import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { CheckpointFolder } from '../../../server/builder/checkpoint/checkpoint-folder.js';
import { foldCheckpoint, type FoldOptions } from '../../../server/builder/fold/fold-checkpoint.js';
import {
  foldedIds,
  foldedTokensSchema,
  scoresOfLogProbabilities,
} from '../../../server/runtime/heads/folded-tokens.js';
import { changeConfig, changeTensors, checkpointCopy } from '../support/checkpoint-copy.js';
import { writeDetectorCheckpoint } from '../support/detector-checkpoint.js';
import { expectedValues, fixtureFolder } from '../support/parity-fixture.js';
import { float32Tensor } from '../support/safetensors-bytes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const golden = z.record(z.string(), z.array(z.array(z.number()).length(4)));
let expected: z.infer<typeof golden>;

beforeAll(async () => {
  const path = new URL('../../golden/fold/expected.json', import.meta.url);
  expected = golden.parse(JSON.parse(await readFile(path, 'utf8')));
});

async function fold(checkpoint: string, options: Partial<FoldOptions> = {}) {
  const output = join(await temporaryFolder(), 'folded');
  return await foldCheckpoint({ checkpoint, layout: 'transformers', output, ...options });
}

async function json(folder: string, name: string): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
}

/**
 * Log probabilities of the folded tokens at each of the fixture's positions, from the folded language head.
 */
async function logProbabilities(output: string, fixture: string, head: string) {
  await using weights = await CheckpointFolder.open(output);
  const [rows = 0, size = 0] = weights.shape(head);
  const table = await weights.read(head, 0, rows * size);
  const hidden = await expectedValues(fixture)('hidden');
  const tokens = foldedTokensSchema.parse(await json(output, 'duet-fold.json'));
  return Array.from({ length: hidden.length / size }, (_, position) => {
    const logits = Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      for (let i = 0; i < size; i++) {
        sum += (table[row * size + i] ?? NaN) * (hidden[position * size + i] ?? NaN);
      }
      return sum;
    });
    const all = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return new Map(foldedIds(tokens).map((id) => [id, (logits[id] ?? NaN) - all]));
  });
}

const checkpoints = [
  { name: 'grid', adapter: undefined },
  { name: 'tied', adapter: undefined },
  { name: 'lora', adapter: fixtureFolder('lora-adapter') },
] as const;

test.each(checkpoints)('$name: transformers, this reading and the heads agree', async ({ name, adapter }) => {
  const { output, tokens } = await fold(fixtureFolder(name), { adapter, dtype: 'float32' });
  const found = await logProbabilities(output, name, 'language_model.lm_head.weight');
  const heads = [await expectedValues(name)('informative'), await expectedValues(name)('relevance')];
  expect(found.length).toBe(expected[name]?.length);
  for (const [position, ofTokens] of found.entries()) {
    const ofTransformers = expected[name]?.[position] ?? [];
    [...ofTokens.values()].forEach((value, index) => {
      expect(value).toBeCloseTo(ofTransformers[index] ?? NaN, 4);
    });
    const scores = scoresOfLogProbabilities(tokens, ofTokens);
    for (const [index, score] of [scores.informative, scores.relevance].entries()) {
      const [no = NaN, yes = NaN] = heads[index]?.subarray(2 * position, 2 * position + 2) ?? [];
      expect(Math.abs(score - 1 / (1 + Math.exp(no - yes)))).toBeLessThan(1e-4);
    }
  }
});

test.each(['original', 'transformers'] as const)('in its own narrow types, the layout %s', async (layout) => {
  const { output, tokens, vocabularySize } = await fold(fixtureFolder('tied'), { layout });
  const head = layout === 'original' ? 'lm_head.weight' : 'language_model.lm_head.weight';
  const found = await logProbabilities(output, 'tied', head);
  const informative = await expectedValues('tied')('informative');
  for (const [position, ofTokens] of found.entries()) {
    const { informative: score } = scoresOfLogProbabilities(tokens, ofTokens);
    const [no = NaN, yes = NaN] = informative.subarray(2 * position, 2 * position + 2);
    expect(Math.abs(score - 1 / (1 + Math.exp(no - yes)))).toBeLessThan(1e-4);
  }
  await using weights = await CheckpointFolder.open(output);
  expect([weights.type(head), vocabularySize]).toEqual(['BF16', 448]);
  expect([...weights.names].filter((name) => /informative|relevance/.test(name))).toEqual([]);
  const config = await json(output, 'config.json');
  const text = z.looseObject({}).parse(layout === 'original' ? config : config.text_config);
  expect([text.vocab_size, text.tie_word_embeddings]).toEqual([448, false]);
});

test('a vocabulary with unused rows keeps its size, and the words keep theirs', async () => {
  const checkpoint = await checkpointCopy('grid');
  const path = join(checkpoint, 'model.safetensors');
  await changeTensors(path, (tensors) => {
    const widened = Object.entries(tensors).map(([name, tensor]) => {
      const [rows = 0, size = 0] = tensor.shape;
      if (rows !== 403) return [name, tensor] as const;
      const bytes = Buffer.concat([tensor.bytes, new Uint8Array((410 - rows) * size * 4)]);
      return [name, { ...tensor, shape: [410, size], bytes }] as const;
    });
    return Object.fromEntries(widened);
  });
  await changeConfig(checkpoint, { vocab_size: 410 });
  const { output, vocabularySize, tokens } = await fold(checkpoint, { layout: 'original' });
  expect([vocabularySize, ...foldedIds(tokens)]).toEqual([410, 403, 404, 405, 406]);
  await using before = await CheckpointFolder.open(checkpoint);
  await using after = await CheckpointFolder.open(output);
  for (const name of before.names) {
    if (/_head\.weight/.test(name) && name !== 'lm_head.weight') continue;
    const count = before.shape(name).reduce((product, size) => product * size, 1);
    const kept = name === 'lm_head.weight' ? 403 * 64 : count;
    expect(await after.read(name, 0, kept), name).toEqual(await before.read(name, 0, kept));
  }
});

test('the tokenizer knows the tokens, and generation never chooses them', async () => {
  const checkpoint = await checkpointCopy('grid');
  await writeFile(
    join(checkpoint, 'generation_config.json'),
    '{"eos_token_id": 402, "suppress_tokens": [7]}',
  );
  await writeFile(join(checkpoint, 'added_tokens.json'), '{"<|im_end|>": 402}');
  const { output, tokens } = await fold(checkpoint, { layout: 'original' });
  const generation = await json(output, 'generation_config.json');
  expect(generation).toEqual({ eos_token_id: 402, suppress_tokens: [7, ...foldedIds(tokens)] });
  const added = await json(output, 'added_tokens.json');
  expect(added).toMatchObject({ '<|im_end|>': 402, '<|duet_informative_no|>': 403 });
  const { added_tokens: inTokenizer } = await json(output, 'tokenizer.json');
  expect(inTokenizer).toContainEqual(
    expect.objectContaining({ id: 406, content: '<|duet_relevance_yes|>', special: true }),
  );
  await expect(fold(output)).rejects.toThrow(/<\|duet_informative_no\|> already; fold the checkpoint/);
});

test('biases of the heads are told beside the tokens, since no row can hold them', async () => {
  const checkpoint = await checkpointCopy('grid');
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) => ({
    ...tensors,
    'informative_head.bias': float32Tensor([2], [0.25, 1.5]),
  }));
  const { tokens } = await fold(checkpoint);
  expect([tokens.informative.offset, tokens.relevance.offset]).toEqual([1.25, 0]);
  const even = new Map(foldedIds(tokens).map((id) => [id, -3]));
  expect(scoresOfLogProbabilities(tokens, even)).toEqual({
    informative: 1 / (1 + Math.exp(-1.25)),
    relevance: 0.5,
  });
});

test('weights are divided into files, and the index names each', async () => {
  const { output } = await fold(fixtureFolder('grid'), { shardBytes: 200_000 });
  const files = (await readdir(output)).filter((name) => name.endsWith('.safetensors'));
  expect(files.length).toBeGreaterThan(3);
  const { weight_map: places } = await json(output, 'model.safetensors.index.json');
  expect([...new Set(Object.values(z.record(z.string(), z.string()).parse(places)))].sort()).toEqual(
    files.sort(),
  );
});

test('a fold that is cancelled leaves nothing', async () => {
  const output = join(await temporaryFolder(), 'folded');
  const controller = new AbortController();
  const folding = foldCheckpoint(
    { checkpoint: fixtureFolder('grid'), layout: 'original', output },
    ({ done, total }) => {
      if (done > total / 2) controller.abort();
    },
    controller.signal,
  );
  await expect(folding).rejects.toMatchObject({ code: 'cancelled' });
  expect(await readdir(dirname(output))).toEqual([]);
});

test('what cannot be folded is refused by name, before anything is written', async () => {
  await expect(fold(fixtureFolder('lora'))).rejects.toThrow(/no "informative_head.weight".*--adapter/);
  const detector = await temporaryFolder();
  await writeDetectorCheckpoint(detector);
  await expect(fold(detector)).rejects.toThrow(/sees with a detector, which GPU engines do not run/);
  const output = join(await temporaryFolder(), 'taken');
  await mkdir(join(output, 'mine'), { recursive: true });
  await expect(fold(fixtureFolder('grid'), { output })).rejects.toThrow(/holds 1 files or folders already/);
  expect(await readdir(output)).toEqual(['mine']);
  const late = await checkpointCopy('grid');
  await writeFile(join(late, 'added_tokens.json'), '{"<later>": 450}');
  await expect(fold(late)).rejects.toThrow(/has a token 450, but config.json's "vocab_size" is 403/);
  const wide = await checkpointCopy('grid');
  await changeConfig(wide, { vocab_size: 500 });
  await expect(fold(wide)).rejects.toThrow(
    /"model.embed_tokens.weight" is of shape \[403, 64\].*\[500, 64\]/,
  );
});
