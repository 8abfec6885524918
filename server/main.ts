import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { modelPlaces, type Config } from './config.js';
import { refuseIfAborted } from './errors.js';
import { SampleLibrary } from './library/samples.js';
import { sweepUploadFolders } from './library/upload-folder.js';
import { UploadStore } from './library/upload-store.js';
import { packageFolder } from './package-folder.js';
import { findModel } from './runtime/find-model.js';
import { ModelRegistry, type AvailableModel } from './runtime/model-registry.js';
import { warmUp } from './runtime/warm-up.js';
import { isLoopback } from './transport/access/access-rules.js';
import type { Log } from './transport/log.js';
import type { RunningServer } from './transport/serve.js';
import { sourceOpener } from './transport/sessions/source-opener.js';
import { defaultConnectionLimits } from './transport/websocket/services.js';
import { DecoderPlaces } from './video/ffmpeg/decoder-places.js';

/**
 * Loads the default model and starts listening; closing the server frees everything it started. `signal`
 * cancels the start. Throws errors of finding and loading models.
 */
export async function startServer(config: Config, log: Log, signal: AbortSignal): Promise<DuetServer> {
  const models = await openModels(config, log, signal);
  const uploads = await openUploads(config, log);
  const free = async (): Promise<void> => {
    await Promise.allSettled([models[Symbol.asyncDispose](), uploads[Symbol.asyncDispose]()]);
  };
  try {
    const server = await serveModels(config, models, uploads, log);
    return { ...server, models, close: () => server.close().finally(free) };
  } catch (thrown) {
    await free();
    throw thrown;
  }
}

/** A server with its models. */
export interface DuetServer extends RunningServer {
  readonly models: ModelRegistry;
}

/** The bundled clips. */
export const bundledSamples = new SampleLibrary(join(packageFolder, 'samples'));

/** Milliseconds after its last use when an upload is deleted. */
const keepUploadsMs = 3_600_000;

/** The configured models; the default is loaded. */
async function openModels(config: Config, log: Log, signal: AbortSignal): Promise<ModelRegistry> {
  const options = { workers: config.workers, onWarning: log };
  const models = new ModelRegistry(
    await Promise.all(modelPlaces(config).map(async (place) => warmed(await findModel(place, options)))),
  );
  const giveUp = (): void => void models[Symbol.asyncDispose]();
  signal.addEventListener('abort', giveUp);
  try {
    refuseIfAborted(signal);
    await models.get();
    return models;
  } catch (thrown) {
    await models[Symbol.asyncDispose]();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** A model that is warmed up when it is loaded, so that its cost is known before the first source. */
function warmed(model: AvailableModel): AvailableModel {
  return {
    ...model,
    load: async (signal) => {
      const loaded = await model.load(signal);
      await warmUp(loaded, signal).catch(async (thrown: unknown) => {
        await loaded[Symbol.asyncDispose]();
        throw thrown;
      });
      return loaded;
    },
  };
}

async function serveModels(
  config: Config,
  models: ModelRegistry,
  uploads: UploadStore,
  log: Log,
): Promise<RunningServer> {
  // Commands without a server do not load the HTTP modules.
  const { serve } = await import('./transport/serve.js');
  const trusted = isLoopback(config.host);
  // One per session, plus a few for stopped ones that take a moment to end.
  const places = new DecoderPlaces(config.maxSessions + 4);
  return serve({
    host: config.host,
    port: config.port,
    access: { allowOrigins: config.allowOrigins, allowHosts: [...config.allowHosts, config.host] },
    maxSessions: config.maxSessions,
    maxLatenessMs: config.maxLatenessMs,
    graceMs: config.graceSeconds * 1000,
    limits: { ...defaultConnectionLimits, idleMs: config.idleSeconds * 1000 },
    models,
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
