import type { AvailableModel } from '../model-registry.js';
import type { DuetModel } from '../model.js';
import type { RemoteDescription } from './place/read-place.js';
import { deciders } from './deciders/deciders.js';
import type { Decider, DecisionWay } from './deciders/decider.js';
import { Engine } from './engine/engine.js';
import type { EstimateParts } from './engine/estimate.js';
import { Places } from './engine/places.js';
import { Spending } from './engine/spending.js';
import { probe } from './probe.js';

/**
 * Opens a model: asks it about a picture to learn how it decides. Throws what the engine answers if it cannot
 * be used.
 */
export async function openRemote(
  description: RemoteDescription,
  { detector: found, ...options }: OpenOptions,
  signal: AbortSignal,
): Promise<OpenRemote> {
  const { file, url, key, keyVariable, prices, ways } = description;
  const spending = new Spending(prices, options.budget ?? null);
  const parts = { pictureTokens: file.picture.tokens };
  const named = { url, key, keyVariable };
  const { onWarning } = options;
  const engineOf = (model: string): Engine =>
    new Engine({ ...named, model }, { extra: file.request, onWarning });
  const engine = engineOf(file.model);
  const engines = new Map([[file.model, engine]]);
  const judgeOf = (way: DecisionWay): Engine => {
    const model = description.judgeOf(way);
    const judge = engines.get(model) ?? engineOf(model);
    engines.set(model, judge);
    return judge;
  };
  const open = (way: DecisionWay) => {
    const judge = judgeOf(way);
    return { decider: deciders[way].open(judge, parts, file), limit: judge.pictures.apart() };
  };
  const probed = await probe({ ways, pictures: file.window.decision, open }, spending, signal);
  const { way, sees, limit } = probed;
  const judge = judgeOf(way);
  judge.pictures.adopt(limit);
  const blind = blindness[sees];
  if (blind !== null) onWarning(`${description.name} ${blind}: check that ${judge.name.model} sees pictures`);
  const decider: Decider = {
    decide: (situation, call) => judge.pictures.within(situation, (cut) => probed.decider.decide(cut, call)),
  };
  const detector = found === null ? null : await found.load(signal);
  const places = new Places(file.limits.inFlight);
  return { description, engine, judge, decider, way, spending, parts, places, detector };
}

/** What is told of a model that does not see. */
const blindness = {
  ...{ yes: null, unknown: null },
  no: 'does not tell a red picture from a blue one',
  letters: 'reads the letters of pictures as text, which takes tens of times as much',
} as const;

/** How remote models are opened. */
export interface RemoteOptions {
  /** Most dollars for all that is asked; default: no limit. */
  readonly budget?: number | undefined;
  readonly onWarning: (message: string) => void;
}

/** The same, with the model that tells what the detector of its gate follows; null without one. */
type OpenOptions = RemoteOptions & { readonly detector: AvailableModel | null };

/** A remote model, ready to be asked. */
export interface OpenRemote {
  readonly description: RemoteDescription;
  /** What speaks. */
  readonly engine: Engine;
  /** What decides: mostly the same. */
  readonly judge: Engine;
  readonly decider: Decider;
  readonly way: DecisionWay;
  readonly spending: Spending;
  readonly places: Places;
  readonly parts: EstimateParts;
  /** Tells when something comes or goes, so that nobody is asked otherwise; null without one. */
  readonly detector: DuetModel | null;
}
