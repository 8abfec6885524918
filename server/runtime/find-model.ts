import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DuetError } from '../errors.js';
import { packageFolder } from '../package-folder.js';
import { capabilitiesOf } from './folder/capabilities-of.js';
import { folderFingerprint, readManifest } from './folder/model-folder.js';
import { loadModel, loadPrompted, type LoadOptions } from './load-model.js';
import type { AvailableModel } from './model-registry.js';
import type { DuetModel } from './model.js';
import { exportedPlace, type ExportedPlace } from './prompted/graph-variants.js';
import { promptedCapabilities, promptedFingerprint, readPromptedFolder } from './prompted/prompted-folder.js';
import { trackerCapabilities } from './tracker/tracker-capabilities.js';

/**
 * Finds a model by its place: `folder:PATH` or a path, of an exported model with `:VARIANT` behind it, the
 * name of a bundled model, `tracker:` before either, or `remote:...` or a model file (`.json`) for one behind
 * an API. Reads a manifest but no other files. Throws 'not_found' if there is no model, 'model_failed' for a
 * broken manifest, and what reading the place of a remote model throws.
 */
export async function findModel(place: string, options: FindOptions): Promise<AvailableModel> {
  const isModelFile = place.endsWith('.json') && !holdsModel(place);
  const kind = isModelFile ? 'remote' : (/^(\w+):/.exec(place)?.[1] ?? '');
  return (kinds.get(kind) ?? findFolder)(place, options);
}

/** How to find a model by the prefix of its place; without a prefix it is a folder. */
const kinds: ReadonlyMap<string, (place: string, options: FindOptions) => Promise<AvailableModel>> = new Map([
  ['folder', findFolder],
  ['tracker', findTracker],
  ['remote', findRemoteModel],
]);

async function findFolder(place: string, options: FindOptions): Promise<AvailableModel> {
  const exported = exportedPlace(place);
  if (exported !== null) return findPrompted(place, exported, options);
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

/** A model that was exported for transformers.js. */
async function findPrompted(
  place: string,
  { path, variant }: ExportedPlace,
  options: FindOptions,
): Promise<AvailableModel> {
  const folder = await readPromptedFolder(path, variant);
  return {
    ...{ place, capabilities: promptedCapabilities(folder), folder: path },
    fingerprint: () => promptedFingerprint(folder),
    load: (signal) => loadPrompted(folder, { ...options, signal }),
  };
}

/** The detector of a model folder, with rules and templates instead of the folder's decoder. */
async function findTracker(place: string, options: FindOptions): Promise<AvailableModel> {
  const path = findModelFolder(place.replace(/^tracker:/, ''));
  const manifest = await readManifest(path);
  if (manifest.tower?.type !== 'detector') {
    throw new DuetError(
      'unsupported',
      `${place}: the model in ${path} has no detector whose things could be followed; ` +
        `leave out "tracker:" to let it speak itself`,
    );
  }
  return {
    ...{ place, capabilities: trackerCapabilities(manifest), folder: path },
    fingerprint: async () => `tracker ${await folderFingerprint(path)}`,
    load: (signal) => loadModel(path, { ...options, signal, voice: 'tracker' }),
  };
}

/** A model behind an API, whose client is loaded only now. */
async function findRemoteModel(place: string, options: FindOptions): Promise<AvailableModel> {
  const { findRemote } = await import('./remote/remote-model.js');
  return findRemote(place, { ...options, findDetector: (folder) => findDetector(folder, options) });
}

/** What the detector of a model folder follows, for a model that is asked when something happens. */
async function findDetector(folder: string, options: FindOptions): Promise<AvailableModel> {
  const { tower } = await readManifest(findModelFolder(folder));
  if (tower?.type === 'detector') return findTracker(`tracker:${folder}`, { ...options, workers: 1 });
  const message = `${folder} has no detector: name a model that has, such as duet-sight, as "detector" of the gate`;
  throw new DuetError('invalid_request', message);
}

/** How the model will be loaded. */
interface FindOptions extends Omit<LoadOptions, 'signal'> {
  /** Told of what may not be meant, such as one of two models of the same name. */
  readonly onWarning: (message: string) => void;
  /** Most dollars for what is asked of each model behind an API; default: no limit. */
  readonly budget?: number | undefined;
}

/** Folder of the bundled models, each in a folder named after it. */
export const modelsFolder = join(packageFolder, 'models');

/** Finds a model as {@link findModel} does, then loads it. Throws what either step throws. */
export async function openModel(
  place: string,
  options: FindOptions,
  signal: AbortSignal,
): Promise<DuetModel> {
  const model = await findModel(place, options);
  return model.load(signal);
}

/**
 * The folder of a model: a bundled one by its name, any other by its path, with or without `folder:`.
 *
 * A bundled name always wins over a folder of the same name in the working directory; write `./duet-nano` for
 * the latter. Throws 'not_found', and 'unsupported' for a model that is not in a folder.
 */
export function findModelFolder(place: string): string {
  if (place.startsWith('remote:')) {
    throw new DuetError('unsupported', `${place}: a model behind an API has no folder; name one that has`);
  }
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

/** The place of the model in a folder: its name if bundled, otherwise `folder:` and its path. */
export function placeOfFolder(path: string): string {
  const bundled = dirname(resolve(path)) === modelsFolder;
  return bundled ? basename(path) : `folder:${resolve(path)}`;
}

/** Where a bundled model of this name would be; null if it is not a plain name. */
function bundledFolder(name: string): string | null {
  return /^[\w.-]*\w$/.test(name) ? join(modelsFolder, name) : null;
}

function holdsModel(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'));
}
