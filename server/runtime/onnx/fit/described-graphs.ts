import { detectionShape, sceneSize } from '../../detector/detection.js';
import { featureSizes } from '../../detector/features.js';
import { slotCount } from '../../detector/slot.js';
import type { Manifest } from '../../folder/manifest.js';
import { cacheSlots } from '../graphs/cache.js';
import type { GraphDescription, GraphValues } from './graph-fit.js';
import { graphNames } from '../graphs/graph-names.js';

const by = 'manifest.json';

/** What `vision.onnx` should be: an encoder of pictures, or a detector. */
export function describedVision({ picture, tower, ...manifest }: Manifest): GraphDescription {
  const side = { field: 'picture.side', is: picture.side };
  const frameEmbeds = frameEmbedsOf(manifest);
  const detected = {
    [graphNames.detections]: ['frames', detectionShape.rows, detectionShape.numbers],
    [graphNames.scene]: ['frames', sceneSize],
  };
  return {
    by,
    inputs: { [graphNames.pixelValues]: ['frames', 3, side, side] },
    outputs: tower === undefined ? frameEmbeds : detected,
  };
}

/** What `tokens.onnx` of a folder with a detector should be. */
export function describedTokens(manifest: Manifest): GraphDescription {
  return {
    by,
    inputs: {
      [graphNames.slots]: ['frames', slotCount, featureSizes.slot],
      [graphNames.scene]: ['frames', featureSizes.frame],
    },
    outputs: frameEmbedsOf(manifest),
  };
}

/** What `embed.onnx` should be. */
export function describedEmbed({ decoder }: Manifest): GraphDescription {
  return {
    by,
    inputs: { [graphNames.inputIds]: ['s'] },
    outputs: { [graphNames.inputsEmbeds]: ['s', hiddenSizeOf(decoder)] },
  };
}

/** What `decoder.onnx` should be. */
export function describedDecoder({ decoder }: Manifest): GraphDescription {
  const { layers, keyValueHeads } = decoder;
  const hidden = ['s', hiddenSizeOf(decoder)];
  const headSize = { field: 'decoder.headSize', is: decoder.headSize };
  const inputs: Record<string, GraphValues[string]> = {};
  const outputs: Record<string, GraphValues[string]> = {};
  for (const { part, layer, head } of cacheSlots(decoder)) {
    const [past, fresh] =
      part === 'key'
        ? [graphNames.pastKey(layer, head), graphNames.newKey(layer, head)]
        : [graphNames.pastValue(layer, head), graphNames.newValue(layer, head)];
    inputs[past] = ['p', headSize];
    outputs[fresh] = ['s', headSize];
  }
  const heads = { [graphNames.informative]: ['s', 2], [graphNames.relevance]: ['s', 2] };
  return {
    by,
    inputs: { [graphNames.inputsEmbeds]: hidden, [graphNames.positionIds]: ['s'], ...inputs },
    outputs: { [graphNames.hidden]: hidden, ...heads, ...outputs },
    cache: { prefix: 'past_', from: `decoder.layers ${layers}, decoder.keyValueHeads ${keyValueHeads}` },
  };
}

/** What `lm_head.onnx` should be. */
export function describedHead({ decoder }: Manifest): GraphDescription {
  const vocabulary = { field: 'decoder.vocabularySize', is: decoder.vocabularySize };
  return {
    by,
    inputs: { [graphNames.hidden]: ['n', hiddenSizeOf(decoder)] },
    outputs: { [graphNames.logits]: ['n', vocabulary] },
  };
}

function frameEmbedsOf({
  tokensPerFrame,
  decoder,
}: Pick<Manifest, 'tokensPerFrame' | 'decoder'>): GraphValues {
  const tokens = { field: 'tokensPerFrame', is: tokensPerFrame };
  return { [graphNames.frameEmbeds]: ['frames', tokens, hiddenSizeOf(decoder)] };
}

function hiddenSizeOf({ hiddenSize }: Manifest['decoder']) {
  return { field: 'decoder.hiddenSize', is: hiddenSize };
}
