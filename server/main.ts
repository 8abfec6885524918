import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageFolder, type Config } from './config.js';
import { DuetError } from './errors.js';
import { loadModel } from './runtime/load-model.js';
import type { DuetModel } from './runtime/model.js';
import { isLoopback } from './transport/access.js';
import type { Log } from './transport/log.js';
import { sourceOpener } from './transport/open-requested-source.js';
import { SampleLibrary } from './transport/sample-library.js';
import { serve, type RunningServer } from './transport/serve.js';
import { defaultConnectionLimits } from './transport/services.js';
import { UploadStore } from './transport/upload-store.js';

/** Folder of the bundled models. */
export const modelsFolder = join(packageFolder, 'models');

/** The bundled clips. */
export const bundledSamples = new SampleLibrary(join(packageFolder, 'samples'));

/** Milliseconds after its last use at which an upload is deleted. */
const keepUploadsMs = 3_600_000;

/** The folder of a model, which may be named by its folder or, when it is bundled, by its name. Throws 'not_found'. */
export function findModelFolder(named: string): string {
  const candidates = [resolve(named), join(modelsFolder, named)];
  const folder = candidates.find((path) => existsSync(join(path, 'manifest.json')));
  if (folder !== undefined) return folder;
  throw new DuetError(
    'not_found',
    `No model at ${named}: name a folder made by \`duet model build\`, or a model of \`duet model list\``,
  );
}

/** Loads the configured model. Throws 'not_found', what loading throws, and 'cancelled' when `signal` aborts. */
export async function openModel(
  config: Pick<Config, 'model' | 'workers'>,
  onWarning: (message: string) => void,
  signal: AbortSignal,
): Promise<DuetModel> {
  return loadModel(findModelFolder(config.model), { workers: config.workers, onWarning, signal });
}

/** A server with its model. */
export interface DuetServer extends RunningServer {
  readonly model: DuetModel;
}

/** Loads the model and starts listening; closing the server frees everything it started. `signal` gives up the start. */
export async function startServer(config: Config, log: Log, signal: AbortSignal): Promise<DuetServer> {
  const model = await openModel(config, log, signal);
  const uploads = await openUploads(config);
  const free = async (): Promise<void> => {
    await Promise.allSettled([model[Symbol.asyncDispose](), uploads[Symbol.asyncDispose]()]);
  };
  try {
    const server = await serveModel(config, model, uploads, log);
    return { url: server.url, model, close: () => server.close().finally(free) };
  } catch (thrown) {
    await free();
    throw thrown;
  }
}

function serveModel(
  config: Config,
  model: DuetModel,
  uploads: UploadStore,
  log: Log,
): Promise<RunningServer> {
  const trusted = isLoopback(config.host);
  return serve({
    host: config.host,
    port: config.port,
    access: { allowOrigins: config.allowOrigins, allowHosts: [...config.allowHosts, config.host] },
    maxSessions: config.maxSessions,
    graceMs: config.graceSeconds * 1000,
    limits: defaultConnectionLimits,
    model,
    openSource: sourceOpener({ ...config, trusted, samples: bundledSamples, uploads }),
    samples: bundledSamples,
    uploads,
    pageFolder: join(packageFolder, 'dist', 'client'),
    now: () => performance.now(),
    newId: randomUUID,
    log,
  });
}

function openUploads({ maxUploadMegabytes, maxUploads }: Config): Promise<UploadStore> {
  return UploadStore.create({ maxBytes: maxUploadMegabytes * 1e6, maxUploads, keepMs: keepUploadsMs });
}
