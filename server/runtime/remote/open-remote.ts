import type { RemoteDescription } from './place/read-place.js';
import { deciders } from './deciders/deciders.js';
import type { Decider, DecisionWay } from './deciders/decider.js';
import { Engine } from './engine/engine.js';
import type { EstimateParts } from './engine/estimate.js';
import { Places } from './engine/places.js';
import { Spending } from './engine/spending.js';
import { probe } from './probe.js';

/**
 * Opens a model: asks it about a picture to learn how it decides. Throws what the engine answers if it cannot be
 * used.
 */
export async function openRemote(
  description: RemoteDescription,
  options: RemoteOptions,
  signal: AbortSignal,
): Promise<OpenRemote> {
  const { file, url, key, keyVariable, prices, ways } = description;
  const spending = new Spending(prices, options.budget ?? null);
  const parts = { pictureTokens: file.picture.tokens };
  const name = { url, key, keyVariable, model: file.model };
  const engine = new Engine(name, file.request);
  const judge =
    file.decisionModel === undefined
      ? engine
      : new Engine({ ...name, model: file.decisionModel }, file.request);
  const found = await probe(ways, (way) => deciders[way].open(judge, parts, file), spending, signal);
  if (found.sees === false) {
    options.onWarning(
      `${description.name} does not tell a red picture from a blue one: check that ${judge.name.model} sees pictures`,
    );
  }
  const { way, decider } = found;
  return { description, engine, decider, way, spending, parts, places: new Places(file.limits.inFlight) };
}

/** How remote models are opened. */
export interface RemoteOptions {
  /** Most dollars for all that is asked; default: no limit. */
  readonly budget?: number | undefined;
  readonly onWarning: (message: string) => void;
}

/** A remote model, ready to be asked. */
export interface OpenRemote {
  readonly description: RemoteDescription;
  readonly engine: Engine;
  readonly decider: Decider;
  readonly way: DecisionWay;
  readonly spending: Spending;
  readonly places: Places;
  readonly parts: EstimateParts;
}
