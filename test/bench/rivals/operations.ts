import type { Architecture } from '../../../server/builder/checkpoint/architecture.js';

/**
 * Floating-point operations of a picture, and of the rows of a frame behind a context; a multiplication and
 * its addition are two.
 */
export function operationsOf(
  { tower, decoder }: Architecture,
  context: number,
): Record<'vision' | 'frame', number> {
  if (tower.type !== 'siglip') throw new Error('only a vision transformer is counted');
  const { vision, pooling } = tower;
  const patches = vision.grid ** 2;
  const rows = pooling.side ** 2;
  const width = vision.hiddenSize;
  const perLayer = patches * (4 * width * width + 2 * width * vision.mlpSize) + 2 * patches * patches * width;
  const projector = patches * width * decoder.hiddenSize + rows * decoder.hiddenSize ** 2;
  const embedding = patches * 3 * vision.patch ** 2 * width;
  return {
    vision: 2 * (embedding + vision.keptLayers * perLayer + projector),
    frame: 2 * decoder.layers * (rows * decoderWeights(decoder) + attention(decoder, rows, context)),
  };
}

function decoderWeights({
  hiddenSize,
  headSize,
  queryHeads,
  keyValueHeads,
  mlpSize,
}: Architecture['decoder']): number {
  return hiddenSize * headSize * 2 * (queryHeads + keyValueHeads) + 3 * hiddenSize * mlpSize;
}

function attention({ headSize, queryHeads }: Architecture['decoder'], rows: number, context: number): number {
  return 2 * rows * (context + rows) * headSize * queryHeads;
}
