import { join } from 'node:path';
import type { Manifest } from '../../server/runtime/folder/manifest.js';
import { bundledTestSet } from '../../server/scoring/runner/inputs.js';

/**
 * The bundled test split of a model's world: rendered pictures, or painted detections for models with a
 * detector.
 */
export function testSetFor({ tower }: Pick<Manifest, 'tower'>): string {
  return tower === undefined ? bundledTestSet : join(bundledTestSet, '..', 'benchmark-sight');
}

/** The template of a model's card. */
export function cardFor({ tower }: Pick<Manifest, 'tower'>): string {
  return join(import.meta.dirname, tower === undefined ? 'card.md' : 'card-sight.md');
}
