import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillTemplate } from '../../models/figures/card/fill-template.js';
import { placesOf } from '../../models/figures/card/places.js';
import { worldCounts } from '../../models/figures/card/world-counts.js';
import { cardFor, testSetFor } from '../../models/figures/defaults.js';
import type { Figures } from '../../models/figures/figures.js';
import { packageFolder } from '../../server/package-folder.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';

const nano = join(packageFolder, 'models', 'duet-nano');
const figures: Figures = {
  format: 1,
  model: { name: 'a', version: '1', precision: 'fp32', fingerprint: 'f' },
  second: null,
  split: {
    hash: 'h',
    clips: 3,
    questions: { magqa: 4, youcook2: 1, charades: 1 },
    quick: null,
    development: null,
  },
  settings: {},
  silence: { in_span: 1, pauc: null },
  variants: {},
  threshold_curve: null,
  slices: {},
  telling: {},
  real: null,
  measured: {
    ...{ processor: 'p', cores: 2, in_span_at_delivery: null, pauc_at_delivery: null },
    frames_per_second: { one_by_one: 1, in_batches: 1, batch: 4 },
  },
};

/**
 * A card is written at the end of hours of playing: that is no time to find out that a name in it is wrong.
 */
test.each([
  ['of pictures', undefined, nano],
  ['with a detector', 'detector' as const, testSetFor({ tower: { type: 'detector', association: 1 } })],
])('every place in the card of a model %s is known', async (_, type, grammar) => {
  const tower = type === undefined ? undefined : { type, association: 1 as const };
  const world = await worldCounts(join(grammar, 'grammar.json'));
  const places = placesOf(figures, await readManifest(nano), { weights: 1e6, world });
  const card = fillTemplate(await readFile(cardFor({ tower }), 'utf8'), places);
  expect(card).not.toMatch(/\{\{|undefined|NaN/);
  expect(card.length).toBeGreaterThan(2000);
});
