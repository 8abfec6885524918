import { modelPlaces, type Config } from '../../config.js';
import { DuetError } from '../../errors.js';
import { suitedModel, type Footage } from '../../settings/footage.js';

/**
 * Name or path of the model for a video: the one that is configured, as with `--model`; of several the first
 * one made for such pictures, else the first. Throws what finding any of several throws.
 */
export async function suitedPlace(config: Pick<Config, 'model'>, footage: Footage): Promise<string> {
  const [first, ...others] = modelPlaces(config);
  if (first === undefined) throw new DuetError('internal', 'the configuration names no model');
  if (others.length === 0) return first;
  const { findModel } = await import('../../runtime/find-model.js');
  // Whoever opens the model is warned.
  const options = { onWarning: (): void => undefined };
  const found = await Promise.all([first, ...others].map((place) => findModel(place, options)));
  const candidates = found.map(({ place, capabilities: { footage: madeFor } }) => ({
    place,
    footage: madeFor,
  }));
  return suitedModel(candidates, footage)?.place ?? first;
}
