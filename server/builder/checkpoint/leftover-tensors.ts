import type { Architecture } from './architecture.js';
import { DuetError } from '../../errors.js';
import type { BuildReport } from '../build-options.js';
import { reasonToSkip } from './tensor-names.js';

/**
 * Sorts the tensors that no graph reads into those knowingly left out; throws `DuetError` 'unsupported' naming the first about which
 * nothing is known.
 */
export function explainLeftovers(
  names: Iterable<string>,
  used: ReadonlySet<string>,
  { vision, decoder }: Architecture,
): BuildReport['skipped'] {
  const shape = { layers: vision.layers, keptLayers: vision.keptLayers, tiedHead: decoder.tiedHead };
  const skipped: { name: string; reason: string }[] = [];
  for (const name of names) {
    if (used.has(name)) continue;
    const reason = reasonToSkip(name, shape);
    if (reason === undefined) {
      throw new DuetError(
        'unsupported',
        `The tensor "${name}" belongs to nothing that the builder knows; is config.json that of these weights?`,
      );
    }
    skipped.push({ name, reason });
  }
  return skipped;
}
