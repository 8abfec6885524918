import type { Server } from 'node:http';
import { SessionRegistry } from '../duet/registry.js';
import type { DuetSession } from '../duet/session.js';
import { sessionSettings } from '../duet/settings.js';
import type { SampleLibrary } from '../library/samples.js';
import type { UploadStore } from '../library/upload-store.js';
import type { RecordStore } from '../records/record-store.js';
import { suitedModel, type Footage } from '../settings/footage.js';
import type { ModelRegistry } from '../runtime/model-registry.js';
import type { Access } from './access/admit.js';
import { createHttpApp } from './http/app.js';
import { boundedServer } from './http/bounded-server.js';
import { listen, stopListening } from './http/listen.js';
import type { UploadPace } from './http/videos/receive-upload.js';
import type { AllowedAddresses } from './http/videos/video-routes.js';
import { requestListener } from './http/request-listener.js';
import type { Ingest } from './ingest/ingest.js';
import type { Log } from './log.js';
import type { HostedSession } from './sessions/hosted-session.js';
import { HostedSessions } from './sessions/hosted-sessions.js';
import type { OpenSource } from './sessions/open-source.js';
import { ReadableSessions } from './sessions/readable-sessions.js';
import { Shares } from './sessions/shares.js';
import { SocketEndpoint } from './websocket/endpoint.js';
import type { ConnectionLimits, ConnectionServices } from './websocket/services.js';

/** Starts listening; throws 'unsupported' when the address is not available. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { models, now, newId, log, limits, access } = options;
  const { maxSessions: limit, graceMs, maxLatenessMs: targetMs } = options;
  const registry = new SessionRegistry({ limit, graceMs, targetMs, now, onOpened: options.onSession });
  const sampling = setInterval(() => {
    registry.capacity.sample();
  }, sampleEveryMs).unref();
  const kept = keptSessions(registry, options.records ?? null);
  const idle = { idleMs: limits.idleMs, now, log };
  const sessions = new HostedSessions(registry, options.openSource, idle, kept.records);
  const state = { stopping: false };
  const services = { ...kept, registry, sessions };
  const app = createHttpApp({ ...options, ...services, isStopping: () => state.stopping });
  const maxSockets = 4 * options.maxSessions + 16 + limits.maxFollowers;
  const server = boundedServer(requestListener(app, log), maxSockets + httpConnections);
  const endpoint = new SocketEndpoint(
    server,
    { ...services, models, limits, now, newId, log },
    { access, maxConnections: maxSockets },
  );
  const stop = async (): Promise<void> => {
    state.stopping = true;
    clearInterval(sampling);
    const closed = stopListening(server);
    sessions.abandonSources();
    await registry[Symbol.asyncDispose]();
    await endpoint.close();
    server.closeAllConnections();
    await closed;
  };
  const { url, others } = await listen(server, options.host, options.port).catch(async (thrown: unknown) => {
    await stop();
    throw thrown;
  });
  logRefused(server, log);
  const openSession = async (footage: Footage): Promise<HostedSession> =>
    sessions.host(await openedSession(footage, { ...options, registry }));
  let stopped: Promise<void> | undefined;
  return { url, otherUrls: others, openSession, close: () => (stopped ??= stop()) };
}

/** For example too many open files while accepting: that connection is lost, the server goes on. */
function logRefused(server: Server, log: Log): void {
  server.on('error', (cause) => {
    log('A connection could not be accepted', cause);
  });
}

/** A session of nobody with the model for what is to be seen, as its maker recommends it. */
async function openedSession(
  footage: Footage,
  { models, records, now, newId, registry }: ServeOptions & { readonly registry: SessionRegistry },
): Promise<DuetSession> {
  const model = await models.get(suitedModel(models.capabilities, footage)?.name);
  const id = newId();
  const archive = records?.begin(id, null);
  return registry.open({
    id,
    owner: null,
    model,
    settings: sessionSettings(model.capabilities),
    now,
    archive,
  });
}

/** What is there of sessions besides the open ones themselves. */
function keptSessions(
  registry: SessionRegistry,
  records: RecordStore | null,
): Pick<ConnectionServices, 'records' | 'readable' | 'shares'> {
  const shares = new Shares(records);
  return { records, shares, readable: new ReadableSessions(registry, records, shares) };
}

/** How often to look how busy the machine is, in milliseconds. */
const sampleEveryMs = 1000;

/** Connections besides those of WebSockets: pages, uploads, videos. */
const httpConnections = 256;

/** Everything a server needs; it owns only its sessions and sockets. */
export interface ServeOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly access: Access;
  readonly maxSessions: number;
  /** How late frames may be before further sources are refused; default a second. */
  readonly maxLatenessMs?: number;
  readonly graceMs: number;
  readonly limits: ConnectionLimits;
  readonly models: ModelRegistry;
  /** Keeps sessions on disk; default: in memory only. */
  readonly records?: RecordStore | null;
  /** Whether callers without an account may list all sessions of nobody; default false. */
  readonly mayListSessions?: boolean;
  /** Hears of every session that is opened, or opened again. */
  readonly onSession?: ((session: DuetSession) => void) | undefined;
  readonly openSource: OpenSource;
  readonly samples: SampleLibrary;
  /** Which addresses it fetches for clients, as pages are told; default: none. */
  readonly addresses?: AllowedAddresses;
  /** Takes what senders push; default: nothing. */
  readonly ingest?: Pick<Ingest, 'protocols'>;
  readonly uploads: UploadStore;
  /** Default `defaultUploadPace`. */
  readonly uploadPace?: UploadPace;
  readonly pageFolder: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

/** A server that accepts connections. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8787`; opens on this machine. */
  readonly url: string;
  /** Addresses at which other machines may reach it, if it listens on all of its own. */
  readonly otherUrls: readonly string[];
  /** Opens a session of this machine's user for such pictures, who controls it without a socket. */
  openSession(footage: Footage): Promise<HostedSession>;
  /** Ends all sessions and connections, then stops listening; may be called more than once. */
  close(): Promise<void>;
}
