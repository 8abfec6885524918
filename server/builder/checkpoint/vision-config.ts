import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { modelLimits, sizeUpTo } from '../../runtime/folder/limits.js';
import type { PoolingArchitecture, VisionArchitecture } from './architecture.js';

/**
 * The tower's sizes: `vision_config`, or those of the tower that `mm_vision_tower` names. Throws `DuetError`
 * 'unsupported'.
 */
export function visionArchitecture(config: {
  readonly vision_config?: VisionConfig | undefined;
  readonly mm_vision_tower?: string | undefined;
  readonly mm_vision_select_layer: number;
}): VisionArchitecture {
  const sizes =
    config.vision_config ??
    (config.mm_vision_tower?.includes('siglip-so400m-patch14-384') ? so400m : undefined);
  if (!sizes) {
    throw new DuetError(
      'unsupported',
      `config.json has no "vision_config", and its mm_vision_tower "${config.mm_vision_tower ?? ''}" ` +
        `is not siglip-so400m-patch14-384; add "vision_config" with the tower's sizes.`,
    );
  }
  if (sizes.hidden_size % sizes.num_attention_heads !== 0 || sizes.patch_size > sizes.image_size) {
    throw new DuetError(
      'invalid_request',
      'config.json: the sizes in "vision_config" contradict each other.',
    );
  }
  return {
    side: sizes.image_size,
    patch: sizes.patch_size,
    grid: Math.floor(sizes.image_size / sizes.patch_size),
    hiddenSize: sizes.hidden_size,
    mlpSize: sizes.intermediate_size,
    heads: sizes.num_attention_heads,
    layers: sizes.num_hidden_layers,
    keptLayers: keptLayers(sizes.num_hidden_layers, config.mm_vision_select_layer),
    normEpsilon: sizes.layer_norm_eps,
  };
}

/**
 * Side of the pooled grid: bilinear gives ceil(grid / stride), the windowed modes floor, as in MMDuet and
 * LLaVA.
 */
export function poolingArchitecture(
  grid: number,
  mode: PoolingArchitecture['mode'],
  stride: number,
): PoolingArchitecture {
  const side = mode === 'bilinear' ? Math.ceil(grid / stride) : Math.floor(grid / stride);
  if (side < 1) {
    throw new DuetError(
      'invalid_request',
      `config.json: pooling stride ${stride} leaves nothing of a ${grid}x${grid} grid.`,
    );
  }
  return { mode, stride, side };
}

const { hiddenSize, mlpSize, layers, heads, side } = modelLimits;

/** `vision_config` of a checkpoint's config.json, with the field names of transformers' SigLIP. */
export const visionConfigSchema = z.object({
  hidden_size: sizeUpTo(hiddenSize),
  intermediate_size: sizeUpTo(mlpSize),
  num_hidden_layers: sizeUpTo(layers),
  num_attention_heads: sizeUpTo(heads),
  image_size: sizeUpTo(side),
  patch_size: sizeUpTo(side),
  num_channels: z.literal(3).default(3),
  hidden_act: z.literal('gelu_pytorch_tanh').default('gelu_pytorch_tanh'),
  layer_norm_eps: z.number().positive().default(1e-6),
});

/** A validated `vision_config`. */
type VisionConfig = z.infer<typeof visionConfigSchema>;

/** google/siglip-so400m-patch14-384, which LLaVA-OneVision names without repeating its sizes. */
const so400m: VisionConfig = {
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 27,
  num_attention_heads: 16,
  image_size: 384,
  patch_size: 14,
  num_channels: 3,
  hidden_act: 'gelu_pytorch_tanh',
  layer_norm_eps: 1e-6,
};

/** Hidden state -1 is the last layer's output, -2 that of the layer before it. */
function keptLayers(layers: number, selected: number): number {
  const kept = layers + 1 + selected;
  if (selected >= 0 || kept < 1) {
    throw new DuetError(
      'unsupported',
      `config.json: "mm_vision_select_layer" is ${selected}; of ${layers} ` +
        `layers only -1 to -${layers} can be selected.`,
    );
  }
  return kept;
}
