import { DuetError } from '../../errors.js';
import type { VisionArchitecture } from '../checkpoint/architecture.js';
import { languageHead, projectorLinear, visionTower } from '../checkpoint/tensor-names.js';
import type { EngineFiles, EngineLayout, EngineSource } from './engine-layout.js';

/**
 * As Hugging Face's library has it (`LlavaOnevisionForConditionalGeneration`), with the names of published
 * checkpoints: transformers and vLLM read it.
 */
export function transformersLayout(source: EngineSource): EngineLayout {
  return {
    tokens: [imageToken, videoToken],
    nameOf: (name) => nameOf(name, source.vision),
    rowSeparator,
    files: (size, ids) => filesOf(source, size, ids),
  };
}

/** Ends the rows of a divided picture; published checkpoints have it, and engines read it without asking. */
const rowSeparator = 'model.image_newline';

const imageToken = '<image>';
const videoToken = '<video>';

function nameOf(name: string, { keptLayers }: VisionArchitecture): string | null {
  const inTower = name.startsWith(`${visionTower}.`) ? name.slice(visionTower.length + 1) : null;
  if (inTower !== null) return isKept(inTower, keptLayers) ? `vision_tower.vision_model.${inTower}` : null;
  if (name === rowSeparator) return 'image_newline';
  if (name === languageHead) return `language_model.${languageHead}`;
  if (name.endsWith('.rotary_emb.inv_freq')) return null;
  const [first, second] = [projectorLinear(0), projectorLinear(2)];
  if (name.startsWith(`${first}.`)) return `multi_modal_projector.linear_1${name.slice(first.length)}`;
  if (name.startsWith(`${second}.`)) return `multi_modal_projector.linear_2${name.slice(second.length)}`;
  if (/^model\.(layers\.\d+|embed_tokens|norm)\./.test(name)) return `language_model.${name}`;
  throw new DuetError('unsupported', `The tensor "${name}" has no place in the layout of transformers.`);
}

/** Whether a tensor of the tower is among the layers whose output is used, or before them. */
function isKept(name: string, keptLayers: number): boolean {
  if (name.startsWith('head.') || name === 'embeddings.position_ids') return false;
  const layer = /^encoder\.layers\.(\d+)\./.exec(name)?.[1];
  return layer === undefined || Number(layer) < keptLayers;
}

function filesOf(source: EngineSource, size: number, ids: ReadonlyMap<string, number>): EngineFiles {
  const pinpoints = pinpointsOf(source.config.image_grid_pinpoints, source.vision.side);
  const pictures = pictureSettings(source.vision.side);
  return {
    'config.json': {
      architectures: ['LlavaOnevisionForConditionalGeneration'],
      model_type: 'llava_onevision',
      image_token_index: ids.get(imageToken),
      video_token_index: ids.get(videoToken),
      image_grid_pinpoints: pinpoints,
      projector_hidden_act: 'gelu',
      multimodal_projector_bias: true,
      use_image_newline_parameter: true,
      vision_feature_layer: -1,
      vision_feature_select_strategy: 'full',
      vision_aspect_ratio: aspectRatio,
      tie_word_embeddings: false,
      ...typeOf(source.config),
      text_config: textConfig(source, size),
      vision_config: visionConfig(source.vision),
    },
    'preprocessor_config.json': {
      ...pictures,
      image_processor_type: 'LlavaOnevisionImageProcessor',
      image_grid_pinpoints: pinpoints,
      do_pad: true,
    },
    'video_preprocessor_config.json': { ...pictures, video_processor_type: 'LlavaOnevisionVideoProcessor' },
    'processor_config.json': {
      processor_class: 'LlavaOnevisionProcessor',
      num_image_tokens: source.vision.grid ** 2,
      vision_feature_select_strategy: 'full',
      vision_aspect_ratio: aspectRatio,
      image_token: imageToken,
      video_token: videoToken,
    },
  };
}

/** How LLaVA-OneVision divides a single large picture. */
const aspectRatio = 'anyres_max_9';

/** Fields of a Qwen2 config that both layouts have under the same name. */
const sharedFields = [
  ...['hidden_size', 'intermediate_size', 'num_hidden_layers', 'num_attention_heads', 'num_key_value_heads'],
  ...['head_dim', 'max_position_embeddings', 'rms_norm_eps', 'hidden_act', 'rope_theta', 'rope_scaling'],
  ...['rope_parameters', 'use_sliding_window', 'sliding_window', 'max_window_layers', 'layer_types'],
  ...['attention_dropout', 'initializer_range', 'bos_token_id', 'eos_token_id', 'pad_token_id', 'use_cache'],
];

function textConfig({ config }: EngineSource, size: number): object {
  const shared = sharedFields.filter((field) => config[field] !== undefined);
  return {
    architectures: ['Qwen2ForCausalLM'],
    model_type: 'qwen2',
    ...Object.fromEntries(shared.map((field) => [field, config[field]])),
    ...typeOf(config),
    vocab_size: size,
    tie_word_embeddings: false,
  };
}

function visionConfig(vision: VisionArchitecture): object {
  return {
    model_type: 'siglip_vision_model',
    hidden_size: vision.hiddenSize,
    intermediate_size: vision.mlpSize,
    num_hidden_layers: vision.keptLayers,
    num_attention_heads: vision.heads,
    image_size: vision.side,
    patch_size: vision.patch,
    hidden_act: 'gelu_pytorch_tanh',
    layer_norm_eps: vision.normEpsilon,
    vision_use_head: false,
  };
}

function typeOf(config: EngineSource['config']): object {
  const type = config.torch_dtype ?? config.dtype;
  return type === undefined ? {} : { torch_dtype: type };
}

function pictureSettings(side: number): object {
  const half = [0.5, 0.5, 0.5];
  return {
    processor_class: 'LlavaOnevisionProcessor',
    size: { height: side, width: side },
    resample: 3,
    do_resize: true,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: half,
    image_std: half,
    do_convert_rgb: true,
  };
}

/** The sizes into which a large picture is divided: those of config.json, or up to six by six views. */
function pinpointsOf(found: unknown, side: number): unknown {
  if (Array.isArray(found)) return found;
  const counts = [1, 2, 3, 4, 5, 6];
  return counts.flatMap((rows) => counts.map((columns) => [rows * side, columns * side]));
}
