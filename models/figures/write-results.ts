import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Manifest } from '../../server/runtime/folder/manifest.js';
import { replaceNonFinite } from '../../server/scoring/report/finite-values.js';
import { countWeights } from './card/count-weights.js';
import { fillTemplate } from './card/fill-template.js';
import { placesOf } from './card/places.js';
import { worldCounts } from './card/world-counts.js';
import { drawCurve } from './curve/draw-curve.js';
import type { Figures } from './figures.js';
import type { CardRuns } from './play-benchmark.js';

/** What the files are written from, and where to. */
interface Results {
  readonly figures: Figures;
  readonly manifest: Manifest;
  readonly runs: CardRuns;
  /** Path of the card's template. */
  readonly template: string;
  readonly out: string;
}

/** Decimals that figures are kept with: more is the rounding of sums. */
const decimals = 6;

/**
 * Writes the three files, each completely or not at all; returns their paths. Nothing is written if the
 * template names an unknown figure.
 */
export async function writeFigures({
  figures,
  manifest,
  runs,
  template,
  out,
}: Results): Promise<readonly string[]> {
  const { models, split } = runs;
  const [weights, world] = [await countWeights(models.model), await worldCounts(split.grammar)];
  const places = placesOf(figures, manifest, { weights, world });
  const contents = {
    'MODEL_CARD.md': fillTemplate(await readFile(template, 'utf8'), places),
    'threshold-curve.svg': drawCurve(figures),
    'figures.json': `${figuresText(figures)}\n`,
  };
  for (const [name, content] of Object.entries(contents)) await writeFileAtomic(join(out, name), content);
  return Object.keys(contents).map((name) => join(out, name));
}

/** Rounded, so that the same figures give the same text. */
function figuresText(figures: Figures): string {
  const { value } = replaceNonFinite(figures);
  return JSON.stringify(
    value,
    (_, member: unknown) => (typeof member === 'number' ? Number(member.toFixed(decimals)) : member),
    1,
  );
}
