import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LoraAdapter } from '../../../server/builder/weights/lora-adapter.js';
import { MergedWeights } from '../../../server/builder/weights/merged-weights.js';
import type { WeightSource } from '../../../server/builder/checkpoint/weight-source.js';
import { float32Tensor, safetensorsBytes } from '../support/safetensors-bytes.js';
import type { TestTensor } from '../support/safetensors-bytes.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const weight = 'model.layers.0.self_attn.q_proj.weight';
const wrapped = 'base_model.model.model.layers.0.self_attn.q_proj';

/** A [2, 3] weight of ones, and a head under its old name. */
const checkpoint: WeightSource = {
  names: new Set([weight, 'response_head.weight']),
  shape: (name) => (name === weight ? [2, 3] : [2, 1]),
  type: () => 'F32',
  read: (name, start, count) =>
    Promise.resolve(Float32Array.from({ length: count }, (_, i) => (name === weight ? 1 : 10 + start + i))),
};

async function openAdapter(config: object, tensors: Record<string, TestTensor>): Promise<LoraAdapter> {
  const folder = join(await temporaryFolder(), 'adapter');
  await mkdir(folder);
  const whole = { peft_type: 'LORA', r: 1, lora_alpha: 2, ...config };
  await writeFile(join(folder, 'adapter_config.json'), JSON.stringify(whole));
  await writeFile(join(folder, 'adapter_model.safetensors'), safetensorsBytes(tensors));
  const adapter = await LoraAdapter.open(folder);
  onTestFinished(() => adapter[Symbol.asyncDispose]());
  return adapter;
}

const factors = {
  [`${wrapped}.lora_A.weight`]: float32Tensor([1, 3], [1, 2, 3]),
  [`${wrapped}.lora_B.weight`]: float32Tensor([2, 1], [10, 100]),
};

test('the change is alpha / r times B A, also when only part of the weight is read', async () => {
  const merged = new MergedWeights(checkpoint, await openAdapter({}, factors));
  expect([...(await merged.read(weight, 0, 6))]).toEqual([21, 41, 61, 201, 401, 601]);
  expect([...(await merged.read(weight, 2, 3))]).toEqual([61, 201, 401]);
});

test('rank-stabilised adapters are scaled by alpha / sqrt(r)', async () => {
  const adapter = await openAdapter(
    { r: 4, use_rslora: true },
    {
      [`${wrapped}.lora_A.default.weight`]: float32Tensor([4, 3], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
      [`${wrapped}.lora_B.default.weight`]: float32Tensor([2, 4], [1, 0, 0, 0, 0, 0, 0, 0]),
    },
  );
  const merged = new MergedWeights(checkpoint, adapter);
  expect([...(await merged.read(weight, 0, 3))]).toEqual([2, 1, 1]);
});

test('modules saved whole replace the tensor, under older names and with any wrapping', async () => {
  const adapter = await openAdapter(
    {},
    {
      'base_model.model.response_head.modules_to_save.default.weight': float32Tensor([2, 1], [7, 8]),
      'base_model.model.related_head.weight': float32Tensor([2, 1], [5, 6]),
    },
  );
  const merged = new MergedWeights(checkpoint, adapter);
  expect([...merged.names].sort()).toEqual(['informative_head.weight', weight, 'relevance_head.weight']);
  expect([...(await merged.read('informative_head.weight', 0, 2))]).toEqual([7, 8]);
  expect([...(await merged.read('relevance_head.weight', 1, 1))]).toEqual([6]);
});

test('without an adapter an older head is read under its current name', async () => {
  const merged = new MergedWeights(checkpoint, undefined);
  expect([...(await merged.read('informative_head.weight', 0, 2))]).toEqual([10, 11]);
});

test('factors that do not fit the weight are refused', async () => {
  const tensors = { ...factors, [`${wrapped}.lora_A.weight`]: float32Tensor([1, 4], [1, 2, 3, 4]) };
  const merged = new MergedWeights(checkpoint, await openAdapter({}, tensors));
  await expect(merged.read(weight, 0, 6)).rejects.toThrow(/\[2, 1\] and \[1, 4\]; the weight is \[2, 3\]/);
});

test.each([
  ['fan_in_fan_out', { fan_in_fan_out: true }, /"fan_in_fan_out": transposed/],
  ['DoRA', { use_dora: true }, /"use_dora": DoRA/],
  ['trained biases', { bias: 'all' }, /"bias": adapters that train biases/],
  ['ranks by pattern', { rank_pattern: { q_proj: 8 } }, /"rank_pattern.*": ranks or alphas that differ/],
  ['another kind of adapter', { peft_type: 'IA3' }, /"peft_type"/],
  ['a start that changes the base', { init_lora_weights: 'pissa' }, /"init_lora_weights"/],
])('%s is refused with its field', async (_, config, message) => {
  await expect(openAdapter(config, factors)).rejects.toThrow(message);
});

test.each([
  ['base_model.model.lm_head.lora_A.weight', /changes "lm_head"/],
  [
    'base_model.model.model.vision_tower.vision_tower.vision_model.encoder.layers.0.mlp.fc1.lora_A.weight',
    /only the decoder's/,
  ],
  [`${wrapped}.lora_magnitude_vector.weight`, /of a kind that cannot be merged/],
  ['base_model.model.model.embed_tokens.lora_embedding_A', /of a kind that cannot be merged/],
])('the unknown target %s is refused by name', async (key, message) => {
  await expect(openAdapter({}, { [key]: float32Tensor([1, 3], [1, 2, 3]) })).rejects.toThrow(message);
});

test('one factor without the other is refused', async () => {
  const tensors = { [`${wrapped}.lora_A.weight`]: float32Tensor([1, 3], [1, 2, 3]) };
  await expect(openAdapter({}, tensors)).rejects.toThrow(/only one of lora_A and lora_B for "model.layers.0/);
});
