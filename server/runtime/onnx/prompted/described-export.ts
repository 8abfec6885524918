import type { Manifest } from '../../folder/manifest.js';
import type { GraphDescription, GraphValues } from '../fit/graph-fit.js';
import { graphNames } from '../graphs/graph-names.js';
import { exportedNames } from './exported-names.js';

const by = 'config.json';

/** What `vision_encoder` of an exported model should be. */
export function describedVisionEncoder({ picture, tokensPerFrame, decoder }: Manifest): GraphDescription {
  const side = { field: 'vision_config.image_size', is: picture.side };
  const tokens = { field: '(image_size / patch_size)²', is: tokensPerFrame };
  return {
    by,
    inputs: { [graphNames.pixelValues]: ['n', 3, side, side] },
    outputs: { [exportedNames.imageFeatures]: ['n', tokens, hiddenSizeOf(decoder)] },
  };
}

/** What `embed_tokens` should be. */
export function describedEmbedTokens({ decoder }: Manifest): GraphDescription {
  return {
    by,
    inputs: { [graphNames.inputIds]: [1, 's'] },
    outputs: { [graphNames.inputsEmbeds]: [1, 's', hiddenSizeOf(decoder)] },
  };
}

/** What `decoder_model_merged` should be. */
export function describedMergedDecoder({ decoder }: Manifest): GraphDescription {
  const { layers, keyValueHeads, headSize, vocabularySize } = decoder;
  const heads = { field: 'num_key_value_heads', is: keyValueHeads };
  const size = { field: 'head_dim', is: headSize };
  const inputs: Record<string, GraphValues[string]> = {};
  const outputs: Record<string, GraphValues[string]> = {};
  for (let layer = 0; layer < layers; layer++) {
    for (const part of ['key', 'value'] as const) {
      inputs[exportedNames.past(layer, part)] = [1, heads, 'p', size];
      outputs[exportedNames.present(layer, part)] = [1, heads, 'p + s', size];
    }
  }
  return {
    by,
    inputs: {
      [graphNames.inputsEmbeds]: [1, 's', hiddenSizeOf(decoder)],
      [exportedNames.attentionMask]: [1, 'p + s'],
      ...inputs,
    },
    outputs: { [graphNames.logits]: [1, 's', { field: 'vocab_size', is: vocabularySize }], ...outputs },
    optional: [exportedNames.positionIds, exportedNames.useCacheBranch, exportedNames.logitsToKeep],
    cache: { prefix: 'past_key_values.', from: `num_hidden_layers ${layers}` },
  };
}

function hiddenSizeOf({ hiddenSize }: Manifest['decoder']) {
  return { field: 'hidden_size', is: hiddenSize };
}
