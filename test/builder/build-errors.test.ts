import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildModel } from '../../server/builder/build-model.js';
import { changeConfig, changeTensors, checkpointCopy } from './support/checkpoint-copy.js';
import { fixtureFolder } from './support/parity-fixture.js';
import { float32Tensor } from './support/safetensors-bytes.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** Expects a build to be refused, with nothing left behind. */
async function refusal(checkpoint: string, adapter?: string): Promise<Error> {
  const output = join(await temporaryFolder(), 'model');
  const error: unknown = await buildModel({ checkpoint, adapter, precision: 'fp32', output }).catch(
    (thrown: unknown) => thrown,
  );
  expect(await readdir(dirname(output))).toEqual([]);
  if (!(error instanceof Error)) throw new Error('The build was not refused.');
  return error;
}

test.each([
  ['hidden_size', { hidden_size: undefined }, /config.json: field "hidden_size"/],
  ['rope_theta', { rope_theta: undefined }, /field "rope_theta" is missing/],
  ['hidden_act', { hidden_act: 'gelu' }, /field "hidden_act"/],
  ['rope_scaling', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, /field "rope_scaling.rope_type"/],
  ['rope_scaling.type', { rope_scaling: { type: 'linear', factor: 2 } }, /field "rope_scaling.type"/],
  ['layer_types', { layer_types: ['sliding_attention'] }, /field "layer_types.0"/],
  ['use_sliding_window', { use_sliding_window: true }, /field "use_sliding_window"/],
  ['mm_projector_type', { mm_projector_type: 'linear' }, /field "mm_projector_type"/],
  ['mm_spatial_pool_mode', { mm_spatial_pool_mode: 'cubic' }, /field "mm_spatial_pool_mode"/],
  ['mm_vision_select_layer', { mm_vision_select_layer: 3 }, /"mm_vision_select_layer" is 3/],
  ['mm_hidden_size', { mm_hidden_size: 64 }, /"mm_hidden_size" is 64, but the vision tower is 48 wide/],
  ['num_key_value_heads', { num_key_value_heads: 3 }, /"num_key_value_heads" 3 do not divide/],
  ['vision_config', { vision_config: undefined }, /no "vision_config", and its mm_vision_tower "random"/],
  ['duet.speed', { duet: { speed: 3 } }, /field "duet"/],
  ['vocab_size', { vocab_size: 10 }, /<\|im_end\|> has id \d+, but config.json's "vocab_size" is 10/],
])('config.json with a missing or unsupported %s is refused with the field', async (_, changes, message) => {
  const checkpoint = await checkpointCopy();
  await changeConfig(checkpoint, changes);
  expect((await refusal(checkpoint)).message).toMatch(message);
});

test('an unknown tensor is refused by name', async () => {
  const checkpoint = await checkpointCopy();
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) => ({
    ...tensors,
    'model.layers.0.self_attn.q_norm.weight': float32Tensor([1], [1]),
  }));
  expect(await refusal(checkpoint)).toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(
      /"model.layers.0.self_attn.q_norm.weight" is unknown to the builder/,
    ) as string,
  });
});

test.each([
  'lm_head.weight',
  'informative_head.weight',
  'model.layers.1.mlp.up_proj.weight',
  'model.mm_projector.2.bias',
])('a checkpoint without %s is refused with its name', async (missing) => {
  const checkpoint = await checkpointCopy();
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) =>
    Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== missing)),
  );
  expect((await refusal(checkpoint)).message).toContain(`lacks the tensor "${missing}"`);
});

test('a checkpoint with both the old and the new name of a head is refused', async () => {
  const checkpoint = await checkpointCopy();
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) => ({
    ...tensors,
    'response_head.weight': float32Tensor([1], [1]),
  }));
  expect((await refusal(checkpoint)).message).toMatch(/holds both "\w+.weight" and "\w+.weight"/);
});

test('an adapter for a weight that the checkpoint lacks is refused by name', async () => {
  const adapter = await checkpointCopy('lora-adapter');
  const far = 'base_model.model.model.layers.9.self_attn.q_proj';
  await changeTensors(join(adapter, 'adapter_model.safetensors'), (tensors) => ({
    ...tensors,
    [`${far}.lora_A.weight`]: float32Tensor([1, 1], [1]),
    [`${far}.lora_B.weight`]: float32Tensor([1, 1], [1]),
  }));
  expect((await refusal(fixtureFolder('lora'), adapter)).message).toContain(
    '"model.layers.9.self_attn.q_proj.weight" is unknown to the builder',
  );
});

test('a tensor of another shape is refused with both shapes', async () => {
  const checkpoint = await checkpointCopy();
  await changeConfig(checkpoint, { intermediate_size: 100 });
  expect((await refusal(checkpoint)).message).toMatch(
    /"model.layers.0.mlp.gate_proj.weight" has shape \[112, 64\]; config.json asks for \[100, 64\]/,
  );
});

test('a truncated weight file is refused', async () => {
  const checkpoint = await checkpointCopy();
  await truncate(join(checkpoint, 'model.safetensors'), 500_000);
  expect((await refusal(checkpoint)).message).toMatch(
    /is damaged: tensor ".*" ends at byte \d+ of a file of 500000/,
  );
});

test('a shard that the index names but the folder lacks is refused by name', async () => {
  const checkpoint = await checkpointCopy('tied');
  await rm(join(checkpoint, 'model-00002-of-00003.safetensors'));
  expect((await refusal(checkpoint)).message).toContain('model-00002-of-00003.safetensors');
});

test('an index that points outside the folder is refused', async () => {
  const checkpoint = await checkpointCopy('tied');
  const index = { weight_map: { 'model.norm.weight': '../elsewhere.safetensors' } };
  await writeFile(join(checkpoint, 'model.safetensors.index.json'), JSON.stringify(index));
  expect((await refusal(checkpoint)).message).toMatch(/outside its folder/);
});

test('weights in another format are refused with the remedy', async () => {
  const checkpoint = await checkpointCopy();
  await rm(join(checkpoint, 'model.safetensors'));
  await writeFile(join(checkpoint, 'pytorch_model.bin'), '');
  expect((await refusal(checkpoint)).message).toMatch(
    /no safetensors weights: save the checkpoint as safetensors/,
  );
});

test('a tokenizer without the chat markup is refused', async () => {
  const checkpoint = await checkpointCopy();
  await writeFile(
    join(checkpoint, 'tokenizer.json'),
    JSON.stringify({ model: { type: 'BPE' }, added_tokens: [] }),
  );
  expect((await refusal(checkpoint)).message).toMatch(/lacks the special token <\|im_end\|>/);
});

test('an adapter for another checkpoint is refused', async () => {
  expect((await refusal(fixtureFolder('grid'), fixtureFolder('lora-adapter'))).message).toMatch(
    /model\.mm_projector\.0\.weight|Is the adapter made for this checkpoint/,
  );
});

test('an output that is a file is refused', async () => {
  const output = join(await temporaryFolder(), 'model');
  await writeFile(output, 'mine');
  const build = buildModel({ checkpoint: fixtureFolder('grid'), precision: 'fp32', output });
  await expect(build).rejects.toThrow(/is a file; name a folder/);
});
