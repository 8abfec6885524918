import { DuetError } from '../errors.js';
import type { ModelCapabilities } from './capabilities.js';
import type { DuetModel } from './model.js';
import type { ModelCosts } from './spending-figures.js';

/**
 * The models of a server. Each is loaded on first use, once however many callers wait for it, and kept until
 * the registry is disposed of. After a failure the next caller tries again.
 */
export class ModelRegistry implements AsyncDisposable {
  readonly #models: ReadonlyMap<string, AvailableModel>;
  readonly #loading = new Map<string, Promise<DuetModel>>();
  readonly #ending = new AbortController();

  /**
   * The first model is the default. Throws 'invalid_request' if there are no models, or two with one name.
   */
  constructor(models: readonly AvailableModel[]) {
    this.#models = byName(models);
  }

  /** What each model can do, the default first, loaded or not. */
  get capabilities(): readonly ModelCapabilities[] {
    return [...this.#models.values()].map(({ capabilities }) => capabilities);
  }

  /**
   * The model with this name, or the default, loaded if necessary. Throws 'not_found' for an unknown name,
   * and what loading throws.
   */
  get(name?: string): Promise<DuetModel> {
    const [first] = this.#models.keys();
    const wanted = name ?? first ?? '';
    const loading = this.#loading.get(wanted);
    if (loading !== undefined) return loading;
    const model = this.#models.get(wanted);
    return model === undefined ? Promise.reject(this.#unknown(wanted)) : this.#load(wanted, model);
  }

  /** Cancels loading and frees every model. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    const loaded = await Promise.allSettled(this.#loading.values());
    const models = loaded.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await Promise.all(models.map((model) => model[Symbol.asyncDispose]()));
  }

  #load(name: string, model: AvailableModel): Promise<DuetModel> {
    const loading = model.load(this.#ending.signal);
    this.#loading.set(name, loading);
    loading.catch(() => this.#loading.delete(name));
    return loading;
  }

  #unknown(name: string): DuetError {
    const known = [...this.#models.keys()].join(' or ');
    return new DuetError('not_found', `No model ${name} is loaded here: leave it out, or ask for ${known}`);
  }
}

/** A model that can be loaded. */
export interface AvailableModel {
  /** Where it is, for messages. */
  readonly place: string;
  /** What it can do, known before it is loaded. */
  readonly capabilities: ModelCapabilities;
  /** Where its files lie; null for a model that is not a folder on this machine. */
  readonly folder: string | null;
  /** What it takes; absent for a model that costs nothing a request. */
  readonly costs?: ModelCosts;
  /** A short text that differs between models, and between versions of one. */
  fingerprint(): Promise<string>;
  /** Throws what loading throws, and 'cancelled' when `signal` aborts. */
  load(signal: AbortSignal): Promise<DuetModel>;
}

/** A model that is already loaded. The registry takes ownership and disposes of it. */
export function alreadyLoaded(model: DuetModel): AvailableModel {
  const { capabilities } = model;
  const { name, version } = capabilities;
  return {
    ...{ place: name, capabilities, folder: null },
    fingerprint: () => Promise.resolve(`${name} ${version}`),
    load: () => Promise.resolve(model),
  };
}

function byName(models: readonly AvailableModel[]): ReadonlyMap<string, AvailableModel> {
  if (models.length === 0) throw new DuetError('invalid_request', 'No model is named: name one with --model');
  const named = new Map<string, AvailableModel>();
  for (const model of models) {
    const { name } = model.capabilities;
    const other = named.get(name);
    if (other !== undefined) {
      throw new DuetError(
        'invalid_request',
        `The models at ${other.place} and ${model.place} are both called ${name}, ` +
          'so clients could not choose between them: leave one out',
      );
    }
    named.set(name, model);
  }
  return named;
}
