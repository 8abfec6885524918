import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DuetError } from '../errors.js';
import { packageFolder } from '../package-folder.js';
import { capabilitiesOf } from './folder/capabilities-of.js';
import { folderFingerprint, readManifest } from './folder/model-folder.js';
import { loadModel, type LoadOptions } from './load-model.js';
import type { AvailableModel } from './model-registry.js';
import type { DuetModel } from './model.js';

/**
 * Finds a model by its place: `folder:PATH` or a path, the name of a bundled model, `remote:...` (not yet). Its
 * manifest is read, its files are not. Throws 'not_found' where no model is, 'unsupported' for a place of a kind
 * that is not known yet, 'model_failed' for a broken manifest.
 */
export async function findModel(place: string, options: FindOptions): Promise<AvailableModel> {
  const find = kinds.get(/^(\w+):/.exec(place)?.[1] ?? '') ?? findFolder;
  return find(place, options);
}

/** How the models of each kind of place are found, by the word before the colon; folders need none. */
const kinds: ReadonlyMap<string, (place: string, options: FindOptions) => Promise<AvailableModel>> = new Map([
  ['folder', findFolder],
  ['remote', (place) => Promise.reject(notYet(place))],
]);

async function findFolder(place: string, options: FindOptions): Promise<AvailableModel> {
  const path = findModelFolder(place);
  if (path === bundledFolder(place) && path !== resolve(place) && holdsModel(place)) {
    options.onWarning(`${place} is the bundled model; the folder of that name here is ./${place}`);
  }
  const capabilities = capabilitiesOf(await readManifest(path));
  return {
    ...{ place, capabilities, folder: path },
    fingerprint: () => folderFingerprint(path),
    load: (signal) => loadModel(path, { ...options, signal }),
  };
}

/** How a model that is found will be loaded. */
type FindOptions = Omit<LoadOptions, 'signal'> & Required<Pick<LoadOptions, 'onWarning'>>;

/** Folder of the bundled models, each in a folder of its name. */
export const modelsFolder = join(packageFolder, 'models');

/** Finds a model as {@link findModel} does, and loads it. Throws what either throws. */
export async function openModel(
  place: string,
  options: FindOptions,
  signal: AbortSignal,
): Promise<DuetModel> {
  const model = await findModel(place, options);
  return model.load(signal);
}

/**
 * The folder of a model: a bundled one by its name, any other by its path, with or without `folder:` before
 * it.
 *
 * A bundled name never means a folder that happens to lie in the working folder; `./duet-nano` does. Throws
 * 'not_found', and 'unsupported' for a model that is not in a folder.
 */
export function findModelFolder(place: string): string {
  if (place.startsWith('remote:')) throw notYet(place);
  const explicit = /^folder:(.*)$/s.exec(place)?.[1];
  const candidates = explicit === undefined ? [bundledFolder(place), resolve(place)] : [resolve(explicit)];
  const folder = candidates.find((path) => path !== null && holdsModel(path));
  if (folder != null) return folder;
  throw new DuetError(
    'not_found',
    `No model at ${place}: give the path of a folder made by \`duet model build\`, ` +
      'as in ./my-model, or a name of `duet model list`',
  );
}

function notYet(place: string): DuetError {
  return new DuetError(
    'unsupported',
    `${place}: models behind an API cannot be used yet; ` +
      'name a bundled model or the path of a folder made by `duet model build`',
  );
}

/**
 * The place by which the model in a folder is named: its name where it is bundled, else `folder:` and the
 * path.
 */
export function placeOfFolder(path: string): string {
  const bundled = dirname(resolve(path)) === modelsFolder;
  return bundled ? basename(path) : `folder:${resolve(path)}`;
}

/** Where a bundled model of that name would lie; null for what is no plain name. */
function bundledFolder(name: string): string | null {
  return /^[\w.-]*\w$/.test(name) ? join(modelsFolder, name) : null;
}

function holdsModel(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'));
}
