import { randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { budgetOf, modelPlaces, type Config } from './config.js';
import { DuetError, refuseIfAborted } from './errors.js';
import { SampleLibrary } from './library/samples.js';
import { sweepUploadFolders } from './library/upload-folder.js';
import { UploadStore } from './library/upload-store.js';
import { RecordStore } from './records/record-store.js';
import type { RecordLimits } from './records/retention.js';
import { isSilentLine } from './records/transcript.js';
import { packageFolder } from './package-folder.js';
import { findModel } from './runtime/find-model.js';
import { ModelRegistry, type AvailableModel } from './runtime/model-registry.js';
import { warmUp } from './runtime/warm-up.js';
import { isLoopback } from './transport/access/access-rules.js';
import { Ingest } from './transport/ingest/ingest.js';
import type { Log } from './transport/log.js';
import type { RunningServer } from './transport/serve.js';
import type { Webhook } from './webhook/webhook.js';
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
  const records = await openRecords(config, log);
  await warnOfFolders(config, log);
  let ingest: Ingest | undefined;
  let webhook: Webhook | undefined;
  const free = async (): Promise<void> => {
    await webhook?.[Symbol.asyncDispose]();
    await ingest?.[Symbol.asyncDispose]();
    await records?.[Symbol.asyncDispose]();
    await Promise.allSettled([models[Symbol.asyncDispose](), uploads[Symbol.asyncDispose]()]);
  };
  try {
    ingest = await openIngest(config, log);
    const { rtmpAddress } = ingest;
    webhook = await openWebhook(config, records, log);
    const server = await serveModels(config, { models, uploads, records, ingest, webhook }, log);
    return { ...server, models, rtmpAddress, close: () => server.close().finally(free) };
  } catch (thrown) {
    await free();
    throw thrown;
  }
}

/** A server with its models. */
export interface DuetServer extends RunningServer {
  readonly models: ModelRegistry;
  /** Where senders push by RTMP; undefined where none are taken. */
  readonly rtmpAddress: string | undefined;
}

/** The bundled clips. */
export const bundledSamples = new SampleLibrary(join(packageFolder, 'samples'));

/** Milliseconds after its last use when an upload is deleted. */
const keepUploadsMs = 3_600_000;

/** The configured models; the default is loaded. */
async function openModels(config: Config, log: Log, signal: AbortSignal): Promise<ModelRegistry> {
  const options = { workers: config.workers, budget: budgetOf(config), onWarning: log };
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
    // What a model behind an API can do is known only once it is loaded.
    get capabilities() {
      return model.capabilities;
    },
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
  { models, uploads, records, ingest, webhook }: Held,
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
    limits: {
      ...defaultConnectionLimits,
      idleMs: config.idleSeconds * 1000,
      keepMs: config.keepSeconds * 1000,
      maxFollowers: config.maxFollowers,
    },
    models,
    records,
    mayListSessions: trusted && config.allowHosts.length === 0,
    onSession: (session): void => webhook?.follow(session),
    openSource: sourceOpener({ ...config, trusted, samples: bundledSamples, uploads, places, ingest }),
    samples: bundledSamples,
    addresses: {
      isAny: trusted || config.allowUrls,
      isPrivate: trusted || config.allowPrivateUrls,
    },
    ingest,
    uploads,
    pageFolder: join(packageFolder, 'dist', 'client'),
    now: () => performance.now(),
    newId: randomUUID,
    log,
  });
}

/** What a server frees at its end. */
interface Held {
  readonly models: ModelRegistry;
  readonly uploads: UploadStore;
  /** Null where sessions are kept in memory only. */
  readonly records: RecordStore | null;
  readonly ingest: Ingest;
  readonly webhook: Webhook | undefined;
}

/** The queue lies beside the records, so that a reply that is kept is told, too. */
async function openWebhook(
  config: Config,
  records: RecordStore | null,
  log: Log,
): Promise<Webhook | undefined> {
  const { webhook: url, webhookSecret: secret, record, host, allowPrivateUrls } = config;
  if (url === 'off') return undefined;
  if (records === null) {
    const message = '--webhook keeps what it has to tell beside the records: leave --record on';
    throw new DuetError('invalid_request', message);
  }
  const { Webhook } = await import('./webhook/webhook.js');
  const rules = { allowPrivate: isLoopback(host) || allowPrivateUrls };
  return Webhook.open({
    ...{ url, secret, rules, log, folder: join(resolve(record), '.webhook') },
    recorded: (id) => records.events(id, { skip: isSilentLine }),
  });
}

function openIngest({ ingestRtmp, ingestSrt, allowHosts, maxSessions }: Config, log: Log): Promise<Ingest> {
  const [publicHost] = allowHosts;
  return Ingest.open({ rtmp: ingestRtmp, srt: ingestSrt, publicHost, maxSenders: maxSessions, log });
}

async function openRecords(config: Config, log: Log): Promise<RecordStore | null> {
  if (config.record === 'off') return null;
  return RecordStore.open({ folder: resolve(config.record), limits: recordLimits(config), log });
}

/** A folder that is missing now may be mounted later, so it is no error. */
async function warnOfFolders({ allowRoots, record }: Config, log: Log): Promise<void> {
  for (const root of allowRoots) {
    const isThere = await access(root, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!isThere) log(`The folder ${root} of --allow-root cannot be read, so no video in it can be named`);
  }
  if (record === 'off') return;
  await access(record, constants.W_OK).catch((thrown: unknown) => {
    log(`No session can be recorded, because ${record} cannot be written; name another --record`, thrown);
  });
}

/** How much is kept of sessions on disk. */
function recordLimits(config: Config): RecordLimits {
  const sessionBytes = config.recordSessionMegabytes * 1e6;
  return {
    keepMs: config.recordDays * 86_400_000,
    totalBytes: config.recordTotalMegabytes * 1e6,
    sessionBytes,
    fileBytes: Math.min(8e6, sessionBytes / 4),
  };
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
