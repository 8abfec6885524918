import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { manifestSchema } from '../../runtime/folder/manifest.js';
import type { Manifest } from '../../runtime/folder/manifest.js';
import { modelLimits, sizeUpTo } from '../../runtime/folder/limits.js';
import type { Architecture, DecoderArchitecture, SiglipTower } from './architecture.js';
import { readCheckedJson } from '../json-file.js';
import { endTokensSchema } from './special-tokens.js';
import { poolingArchitecture, visionArchitecture, visionConfigSchema } from './vision-config.js';

/**
 * Reads and checks config.json. Throws `DuetError` 'not_found', 'invalid_request' or 'unsupported', naming
 * the field.
 */
export async function readCheckpointConfig(path: string): Promise<CheckpointConfig> {
  const config = await readCheckedJson(path, configSchema);
  return {
    architecture: { tower: towerOf(config), decoder: decoderArchitecture(config) },
    duet: config.duet,
    endTokens: config.eos_token_id,
  };
}

function towerOf(config: Config): Architecture['tower'] {
  const { duet_tower: detector } = config;
  if (detector === undefined) return siglipTower(config);
  const { association, grounded, picture_side: side, tokens_per_frame: tokensPerFrame } = detector;
  return { type: 'detector', association, grounded, side, tokensPerFrame };
}

function siglipTower(config: Config): SiglipTower {
  const vision = visionArchitecture(config);
  if (config.mm_hidden_size !== undefined && config.mm_hidden_size !== vision.hiddenSize) {
    throw new DuetError(
      'invalid_request',
      `config.json: "mm_hidden_size" is ${config.mm_hidden_size}, but the ` +
        `vision tower is ${vision.hiddenSize} wide.`,
    );
  }
  const stride = config.video_pooling_stride ?? config.mm_spatial_pool_stride ?? defaultPoolingStride;
  const pooling = poolingArchitecture(vision.grid, config.mm_spatial_pool_mode, stride);
  return { type: 'siglip', vision, pooling };
}

/** The contents of config.json: sizes, and the maker's wishes for the manifest. */
export interface CheckpointConfig {
  readonly architecture: Architecture;
  readonly duet: z.infer<typeof duetConfigSchema>;
  /** Tokens that end a text, if config.json names any. */
  readonly endTokens: z.output<typeof endTokensSchema>;
}

function decoderArchitecture(config: Config): DecoderArchitecture {
  const heads = config.num_attention_heads;
  const headSize = config.head_dim ?? config.hidden_size / heads;
  if (!Number.isInteger(headSize) || headSize % 2 !== 0 || heads % config.num_key_value_heads !== 0) {
    throw new DuetError(
      'invalid_request',
      `config.json: "hidden_size" ${config.hidden_size}, "num_attention_heads" ${heads} and ` +
        `"num_key_value_heads" ${config.num_key_value_heads} do not divide into heads of even size.`,
    );
  }
  return {
    hiddenSize: config.hidden_size,
    mlpSize: config.intermediate_size,
    layers: config.num_hidden_layers,
    queryHeads: heads,
    keyValueHeads: config.num_key_value_heads,
    headSize,
    ropeTheta: ropeTheta(config),
    normEpsilon: config.rms_norm_eps,
    vocabularySize: config.vocab_size,
    maxContext: config.max_position_embeddings,
    tiedHead: config.tie_word_embeddings,
  };
}

function ropeTheta(config: Config): number {
  const theta = config.rope_theta ?? config.rope_parameters?.rope_theta;
  if (theta === undefined) {
    throw new DuetError('invalid_request', 'config.json: field "rope_theta" is missing.');
  }
  return theta;
}

/** The system prompt with which MMDuet was trained. */
const trainedSystemPrompt =
  'A multimodal AI assistant is helping users with some activities. Below is their conversation, ' +
  'interleaved with the list of video frames received by the assistant.';

const defaultTask = {
  fps: 2,
  heads: ['informative', 'relevance'],
  policy: { type: 'threshold', threshold: 0.5 },
  assistantTurns: 'remove',
  cooldown: 0,
} as const satisfies Manifest['recommended']['default'] | object;

const fields = manifestSchema.shape;

/** Optional `duet` object of config.json: what the model's maker wants in the manifest besides the sizes. */
const duetConfigSchema = z.strictObject({
  name: fields.name.optional(),
  version: fields.version.default('0.0.0'),
  description: fields.description,
  about: fields.about,
  reader: fields.reader,
  recommended: fields.recommended.prefault({
    default: { ...defaultTask, heads: [...defaultTask.heads] },
  }),
  systemPrompt: fields.systemPrompt.default(trainedSystemPrompt),
  promptLayout: fields.promptLayout.default('trained'),
});

const { hiddenSize, mlpSize, layers, heads, headSize, context, vocabulary } = modelLimits;
const stride = sizeUpTo(modelLimits.side);

const ropeSchema = z.object({
  rope_theta: z.number().positive().optional(),
  rope_type: z.literal('default').optional(),
  /** The older name of `rope_type`. */
  type: z.literal('default').optional(),
});

/**
 * The fields of config.json (LLaVA-OneVision with a Qwen2 decoder, plus MMDuet's) that the graphs depend on.
 */
const configSchema = z.object({
  hidden_size: sizeUpTo(hiddenSize),
  intermediate_size: sizeUpTo(mlpSize),
  num_hidden_layers: sizeUpTo(layers),
  num_attention_heads: sizeUpTo(heads),
  num_key_value_heads: sizeUpTo(heads),
  head_dim: sizeUpTo(headSize).nullish(),
  vocab_size: sizeUpTo(vocabulary),
  max_position_embeddings: sizeUpTo(context),
  rms_norm_eps: z.number().positive(),
  hidden_act: z.literal('silu').default('silu'),
  rope_theta: z.number().positive().optional(),
  rope_parameters: ropeSchema.nullish(),
  rope_scaling: ropeSchema.nullish(),
  use_sliding_window: z.literal(false).default(false),
  layer_types: z.array(z.literal('full_attention')).nullish(),
  tie_word_embeddings: z.boolean().default(false),
  eos_token_id: endTokensSchema,
  mm_projector_type: z.literal('mlp2x_gelu').default('mlp2x_gelu'),
  mm_hidden_size: sizeUpTo(hiddenSize).optional(),
  mm_vision_tower: z.string().optional(),
  mm_vision_select_layer: z.int().default(-2),
  mm_vision_select_feature: z.literal('patch').default('patch'),
  mm_spatial_pool_mode: z.enum(['bilinear', 'average', 'max']).default('bilinear'),
  mm_spatial_pool_stride: stride.nullish(),
  video_pooling_stride: stride.nullish(),
  vision_config: visionConfigSchema.optional(),
  /** Instead of a vision transformer: a detector whose graphs lie in the checkpoint's folder. */
  duet_tower: z
    .strictObject({
      type: z.literal('detector'),
      association: z.literal(1),
      grounded: z.boolean().default(false),
      picture_side: stride,
      tokens_per_frame: sizeUpTo(modelLimits.tokensPerFrame),
    })
    .optional(),
  duet: duetConfigSchema.prefault({}),
});

type Config = z.infer<typeof configSchema>;

/** MMDuet pools with stride 4 when the config does not say. */
const defaultPoolingStride = 4;
