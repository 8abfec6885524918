import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config } from './config.js';
import { packageFolder } from './package-folder.js';
import { DuetError } from './errors.js';
import { loadModel } from './runtime/load-model.js';
import type { DuetModel } from './runtime/model.js';
import { isLoopback } from './transport/access/access-rules.js';
import type { Log } from './transport/log.js';
import { sourceOpener } from './transport/sessions/source-opener.js';
import { SampleLibrary } from './library/samples.js';
import type { RunningServer } from './transport/serve.js';
import { defaultConnectionLimits } from './transport/websocket/services.js';
import { sweepUploadFolders } from './library/upload-folder.js';
import { UploadStore } from './library/upload-store.js';
import { DecoderPlaces } from './video/ffmpeg/decoder-places.js';

/** Folder of the bundled models. */
export const modelsFolder = join(packageFolder, 'models');

/** The bundled clips. */
export const bundledSamples = new SampleLibrary(join(packageFolder, 'samples'));

/** Milliseconds after its last use at which an upload is deleted. */
const keepUploadsMs = 3_600_000;

/**
 * The folder of a model: a bundled one by its name, any other by its path.
 *
 * A bundled name never means a folder that happens to lie in the working folder; `./duet-nano` does. Throws
 * 'not_found'.
 */
export function findModelFolder(named: string): string {
  const folder = [bundledFolder(named), resolve(named)].find((path) => path !== null && holdsModel(path));
  if (folder != null) return folder;
  throw new DuetError(
    'not_found',
    `No model at ${named}: give the path of a folder made by \`duet model build\`, ` +
      'as in ./my-model, or a name of `duet model list`',
  );
}

/** Where a bundled model of that name would lie; null for what is no plain name. */
function bundledFolder(named: string): string | null {
  return /^[\w.-]*\w$/.test(named) ? join(modelsFolder, named) : null;
}

function holdsModel(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'));
}

/**
 * Loads the configured model. Throws 'not_found', what loading throws, and 'cancelled' when `signal` aborts.
 */
export async function openModel(
  config: Pick<Config, 'model' | 'workers'>,
  onWarning: (message: string) => void,
  signal: AbortSignal,
): Promise<DuetModel> {
  const { model: named, workers } = config;
  const folder = findModelFolder(named);
  if (folder === bundledFolder(named) && folder !== resolve(named) && holdsModel(named)) {
    onWarning(`${named} is the bundled model; the folder of that name here is ./${named}`);
  }
  return loadModel(folder, { workers, onWarning, signal });
}

/** A server with its model. */
export interface DuetServer extends RunningServer {
  readonly model: DuetModel;
}

/**
 * Loads the model and starts listening; closing the server frees everything it started. `signal` gives up the
 * start.
 */
export async function startServer(config: Config, log: Log, signal: AbortSignal): Promise<DuetServer> {
  const model = await openModel(config, log, signal);
  const uploads = await openUploads(config, log);
  const free = async (): Promise<void> => {
    await Promise.allSettled([model[Symbol.asyncDispose](), uploads[Symbol.asyncDispose]()]);
  };
  try {
    const server = await serveModel(config, model, uploads, log);
    return { ...server, model, close: () => server.close().finally(free) };
  } catch (thrown) {
    await free();
    throw thrown;
  }
}

async function serveModel(
  config: Config,
  model: DuetModel,
  uploads: UploadStore,
  log: Log,
): Promise<RunningServer> {
  // Commands that serve nobody do without what HTTP needs.
  const { serve } = await import('./transport/serve.js');
  const trusted = isLoopback(config.host);
  // One a session, and a few for those that were stopped and take a moment to end.
  const places = new DecoderPlaces(config.maxSessions + 4);
  return serve({
    host: config.host,
    port: config.port,
    access: { allowOrigins: config.allowOrigins, allowHosts: [...config.allowHosts, config.host] },
    maxSessions: config.maxSessions,
    graceMs: config.graceSeconds * 1000,
    limits: { ...defaultConnectionLimits, idleMs: config.idleSeconds * 1000 },
    model,
    openSource: sourceOpener({ ...config, trusted, samples: bundledSamples, uploads, places }),
    samples: bundledSamples,
    uploads,
    pageFolder: join(packageFolder, 'dist', 'client'),
    now: () => performance.now(),
    newId: randomUUID,
    log,
  });
}

async function openUploads(config: Config, log: Log): Promise<UploadStore> {
  const swept = await sweepUploadFolders();
  if (swept > 0) log(`Deleted uploads that killed servers left behind (folders: ${swept})`);
  return UploadStore.create({
    maxBytes: config.maxUploadMegabytes * 1e6,
    maxUploads: config.maxUploads,
    maxTotalBytes: config.maxUploadTotalMegabytes * 1e6,
    maxPerAddress: config.maxUploadsPerAddress,
    keepMs: keepUploadsMs,
  });
}
