import { z } from 'zod';
import { modelLimits, sizeUpTo } from '../folder/limits.js';

const { hiddenSize, layers, heads, headSize, context, vocabulary, side } = modelLimits;
const tokenId = z.int().min(0).max(vocabulary);
const numbers = z.tuple([z.number(), z.number(), z.number()]);
const rope = z.object({
  rope_theta: z.number().positive().optional(),
  rope_type: z.literal('default').optional(),
});

/** config.json of a LLaVA-OneVision with a Qwen2 decoder in the layout of transformers. */
export const exportConfigSchema = z.object({
  model_type: z.literal('llava_onevision'),
  eos_token_id: z.union([tokenId, z.array(tokenId).min(1).max(64)]).nullish(),
  text_config: z.object({
    model_type: z.literal('qwen2'),
    hidden_size: sizeUpTo(hiddenSize),
    num_hidden_layers: sizeUpTo(layers),
    num_attention_heads: sizeUpTo(heads),
    num_key_value_heads: sizeUpTo(heads),
    head_dim: sizeUpTo(headSize).nullish(),
    vocab_size: sizeUpTo(vocabulary),
    // What transformers leaves out because it is its default.
    max_position_embeddings: sizeUpTo(context).default(32_768),
    rope_theta: z.number().positive().optional(),
    rope_parameters: rope.nullish(),
    rope_scaling: rope.nullish(),
    use_sliding_window: z.literal(false).default(false),
    eos_token_id: z.union([tokenId, z.array(tokenId).min(1).max(64)]).nullish(),
  }),
  vision_config: z.object({ image_size: sizeUpTo(side), patch_size: sizeUpTo(side) }),
});

/** preprocessor_config.json: how pictures become numbers. */
export const preprocessorSchema = z.object({
  size: z.object({ height: sizeUpTo(side), width: sizeUpTo(side) }),
  image_mean: numbers,
  image_std: numbers,
  do_rescale: z.literal(true).default(true),
  do_normalize: z.literal(true).default(true),
});

/** The parts of a `tokenizer.json` that name the tokens of the chat markup. */
export const addedTokensSchema = z.object({
  added_tokens: z.array(z.object({ id: tokenId, content: z.string() })),
});
