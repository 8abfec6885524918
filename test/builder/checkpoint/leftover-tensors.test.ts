import { expect, test } from 'vitest';
import type { Architecture } from '../../../server/builder/checkpoint/architecture.js';
import { explainLeftovers } from '../../../server/builder/checkpoint/leftover-tensors.js';

const tower = 'model.vision_tower.vision_tower.vision_model';

const architecture: Architecture = {
  tower: {
    type: 'siglip',
    vision: {
      ...{ side: 28, patch: 14, grid: 2, hiddenSize: 8, mlpSize: 16, heads: 2, layers: 4, keptLayers: 3 },
      normEpsilon: 1e-6,
    },
    pooling: { mode: 'bilinear', stride: 2, side: 1 },
  },
  decoder: {
    ...{ hiddenSize: 8, mlpSize: 16, layers: 2, queryHeads: 2, keyValueHeads: 1, headSize: 4 },
    ...{ ropeTheta: 10_000, normEpsilon: 1e-6, vocabularySize: 32, maxContext: 64, tiedHead: true },
  },
};

test.each([
  ['a vision layer that is not built', `${tower}.encoder.layers.3.mlp.fc1.weight`, /removed vision layer/],
  ['what the vision tower does after its last layer', `${tower}.post_layernorm.weight`, /before the post/],
  ['the row separator of still pictures', 'model.image_newline', /still pictures/],
  ['rotary frequencies', 'model.layers.1.self_attn.rotary_emb.inv_freq', /rope_theta/],
  ['a language head that is tied to the embeddings', 'lm_head.weight', /tied to the token embeddings/],
])('%s may be left out', (_, name, reason) => {
  const [skipped] = explainLeftovers([name], new Set(), architecture);
  expect(skipped).toEqual({ name, reason: expect.stringMatching(reason) as string });
});

test('a tensor that was read is not a leftover', () => {
  expect(explainLeftovers(['any'], new Set(['any']), architecture)).toEqual([]);
});

test.each([
  ['a tensor of which nothing is known', 'model.strange.weight'],
  ['a vision layer that should have been read', `${tower}.encoder.layers.2.mlp.fc1.weight`],
])('%s is refused by its name', (_, name) => {
  expect(() => explainLeftovers([name], new Set(), architecture)).toThrow(`The tensor "${name}"`);
});
