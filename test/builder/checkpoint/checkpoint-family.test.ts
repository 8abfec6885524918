import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildModel } from '../../../server/builder/build-model.js';
import { inspectModel } from '../../../server/builder/inspect-model.js';
import { parityFolder } from '../../runtime/support/parity-session.js';
import { changeConfig, checkpointCopy } from '../support/checkpoint-copy.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function folderWith(files: Record<string, unknown>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, json] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(json));
  return folder;
}

async function refusals(folder: string): Promise<{ code: string; message: string }[]> {
  const output = join(await temporaryFolder(), 'model');
  const attempts = [buildModel({ checkpoint: folder, precision: 'fp32', output }), inspectModel(folder)];
  return Promise.all(
    attempts.map(async (attempt) => {
      const error: unknown = await attempt.then(() => 'was not refused').catch((thrown: unknown) => thrown);
      if (!(error instanceof Error && 'code' in error)) throw new Error(String(error));
      return { code: String(error.code), message: error.message };
    }),
  );
}

test.each([
  [
    'Qwen2.5-VL (MMDuet2)',
    { model_type: 'qwen2_5_vl', architectures: ['Qwen2_5_VLForConditionalGeneration'] },
  ],
  ['LLaVA-1.5', { model_type: 'llava', architectures: ['LlavaForConditionalGeneration'], text_config: {} }],
  ['LLaVA-1.5', { model_type: 'llava', architectures: ['LlavaLlamaForCausalLM'] }],
  ['LLaVA-1.5', { model_type: 'llava_llama', architectures: ['LlavaLlamaForCausalLM'] }],
  ['InternVL', { model_type: 'internvl_chat', architectures: ['InternVLChatModel'] }],
  ['plain Qwen2 text', { model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'], hidden_size: 896 }],
  ['LLaVA-OneVision in the layout of transformers', { model_type: 'llava_onevision' }],
  ['Qwen3-VL', { model_type: 'qwen3_vl' }],
  ['"mamba"', { model_type: 'mamba' }],
  ['BertModel', { architectures: ['BertModel'] }],
])('a %s checkpoint is named before any other check', async (family, config) => {
  const folder = await folderWith({ 'config.json': config });
  for (const { code, message } of await refusals(folder)) {
    expect(code).toBe('unsupported');
    expect(message).toContain(`this is a ${family}`);
    expect(message).toContain('checkpoint; Duet reads LLaVA-OneVision');
  }
});

test('an adapter by itself is recognised, with its base and the flag to use', async () => {
  const folder = await folderWith({
    'adapter_config.json': {
      peft_type: 'LORA',
      r: 16,
      base_model_name_or_path: 'lmms-lab/llava-onevision-qwen2-7b-ov',
    },
  });
  for (const { code, message } of await refusals(folder)) {
    expect(code).toBe('invalid_request');
    expect(message).toMatch(/is an adapter of lmms-lab\/llava-onevision-qwen2-7b-ov.*--adapter/);
  }
});

test('an adapter that does not name its base is recognised too', async () => {
  const folder = join(parityFolder, 'lora-adapter');
  for (const { message } of await refusals(folder)) expect(message).toMatch(/is an adapter.*--adapter/);
});

test('inspecting a supported checkpoint says how to build a model from it', async () => {
  await expect(inspectModel(join(parityFolder, 'grid'))).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/is a checkpoint, not a model yet.*duet model build/) as string,
  });
});

test.each([
  ['a billion layers', { num_hidden_layers: 1e9 }, /field "num_hidden_layers"/],
  ['a vocabulary of 2^31', { vocab_size: 2 ** 31 }, /field "vocab_size"/],
  ['a context of 10^12', { max_position_embeddings: 1e12 }, /field "max_position_embeddings"/],
  ['a negative size', { hidden_size: -64 }, /field "hidden_size"/],
  ['pictures of a million pixels a side', { vision_config: { image_size: 1e6 } }, /field "vision_config/],
])('a checkpoint with %s is refused with the field', async (_what, changes, message) => {
  const checkpoint = await checkpointCopy();
  await changeConfig(checkpoint, changes);
  const [built] = await refusals(checkpoint);
  expect(built?.message).toMatch(message);
});
