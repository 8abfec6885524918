import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { narrow } from '../../../server/runtime/tensors/element-type.js';
import { nanoFolder } from '../nano.js';

/**
 * Writes a checkpoint of random weights in the shapes of LLaVA-OneVision 0.5B with MMDuet's heads, with the
 * tokenizer of the bundled model: it says nothing, but costs what the real one costs.
 */
export async function writeHalfBillion(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.json'), JSON.stringify(halfBillion));
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await copyFile(join(nanoFolder, 'checkpoint', file), join(folder, file));
  const tensors = [...visionTensors(), ...decoderTensors()];
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const from = end;
      end += 2 * sizeOf(shape);
      return [name, { dtype: 'F16', shape, data_offsets: [from, end] }];
    }),
  );
  await pipeline(
    Readable.from(contents(header, tensors)),
    createWriteStream(join(folder, 'model.safetensors')),
  );
}

/** The sizes; those of the vision tower are SigLIP's so400m at a side of 384. */
const halfBillion = {
  architectures: ['LlavaQwenForCausalLM'],
  model_type: 'llava_qwen',
  vocab_size: 152000,
  hidden_size: 896,
  intermediate_size: 4864,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  hidden_act: 'silu',
  rms_norm_eps: 1e-6,
  rope_theta: 1000000,
  max_position_embeddings: 32768,
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 2,
  mm_vision_tower: 'siglip-so400m-patch14-384',
  mm_hidden_size: 1152,
  mm_projector_type: 'mlp2x_gelu',
  mm_vision_select_layer: -2,
  mm_spatial_pool_mode: 'bilinear',
  mm_spatial_pool_stride: 4,
  vision_config: {
    hidden_size: 1152,
    intermediate_size: 4304,
    num_hidden_layers: 27,
    num_attention_heads: 16,
    num_channels: 3,
    image_size: 384,
    patch_size: 14,
    layer_norm_eps: 1e-6,
    hidden_act: 'gelu_pytorch_tanh',
  },
  duet: { name: 'half-billion' },
};

type NamedShape = readonly [name: string, shape: readonly number[]];

function linear(name: string, outputs: number, inputs: number): readonly NamedShape[] {
  return [
    [`${name}.weight`, [outputs, inputs]],
    [`${name}.bias`, [outputs]],
  ];
}

function visionTensors(): readonly NamedShape[] {
  const { hidden_size: width, intermediate_size: wide, ...vision } = halfBillion.vision_config;
  const tower = 'model.vision_tower.vision_tower.vision_model';
  const patch = vision.patch_size;
  const norm = (name: string): readonly NamedShape[] => [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
  const layers = Array.from({ length: vision.num_hidden_layers }, (_, index) => {
    const layer = `${tower}.encoder.layers.${index}`;
    const attention = ['q_proj', 'k_proj', 'v_proj', 'out_proj'];
    return [
      ...norm(`${layer}.layer_norm1`),
      ...norm(`${layer}.layer_norm2`),
      ...attention.flatMap((name) => linear(`${layer}.self_attn.${name}`, width, width)),
      ...linear(`${layer}.mlp.fc1`, wide, width),
      ...linear(`${layer}.mlp.fc2`, width, wide),
    ];
  });
  return [
    [`${tower}.embeddings.patch_embedding.weight`, [width, 3, patch, patch]],
    [`${tower}.embeddings.patch_embedding.bias`, [width]],
    [`${tower}.embeddings.position_embedding.weight`, [Math.floor(vision.image_size / patch) ** 2, width]],
    ...layers.flat(),
    ...linear('model.mm_projector.0', halfBillion.hidden_size, width),
    ...linear('model.mm_projector.2', halfBillion.hidden_size, halfBillion.hidden_size),
  ];
}

function decoderTensors(): readonly NamedShape[] {
  const { hidden_size: width, intermediate_size: wide, num_attention_heads: heads } = halfBillion;
  const groups = (width / heads) * halfBillion.num_key_value_heads;
  const layers = Array.from({ length: halfBillion.num_hidden_layers }, (_, index): readonly NamedShape[] => {
    const layer = `model.layers.${index}`;
    return [
      [`${layer}.input_layernorm.weight`, [width]],
      [`${layer}.post_attention_layernorm.weight`, [width]],
      ...linear(`${layer}.self_attn.q_proj`, width, width),
      ...linear(`${layer}.self_attn.k_proj`, groups, width),
      ...linear(`${layer}.self_attn.v_proj`, groups, width),
      [`${layer}.self_attn.o_proj.weight`, [width, width]],
      [`${layer}.mlp.gate_proj.weight`, [wide, width]],
      [`${layer}.mlp.up_proj.weight`, [wide, width]],
      [`${layer}.mlp.down_proj.weight`, [width, wide]],
    ];
  });
  return [
    ['model.embed_tokens.weight', [halfBillion.vocab_size, width]],
    ['model.norm.weight', [width]],
    ['informative_head.weight', [2, width]],
    ['relevance_head.weight', [2, width]],
    ...layers.flat(),
  ];
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

function* contents(header: object, tensors: readonly NamedShape[]): Generator<Uint8Array> {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  yield length;
  yield text;
  // Numbers that repeat after a million cost as much as others.
  const random = narrow(
    Float32Array.from({ length: 1 << 20 }, () => (Math.random() - 0.5) * 0.07),
    'F16',
  );
  const ones = narrow(new Float32Array(4096).fill(1), 'F16');
  for (const [name, shape] of tensors) {
    const source = name.includes('norm') && name.endsWith('.weight') ? ones : random;
    for (let left = 2 * sizeOf(shape); left > 0; left -= source.length) yield source.subarray(0, left);
  }
}
