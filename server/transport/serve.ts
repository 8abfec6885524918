import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { SessionRegistry } from '../duet/registry.js';
import { DuetError } from '../errors.js';
import type { DuetModel } from '../runtime/model.js';
import type { AccessRules } from './access/access-rules.js';
import { guarded } from './guarded.js';
import { createHttpApp } from './http/app.js';
import { boundedServer } from './http/bounded-server.js';
import { oneAtATime } from './http/request-listener.js';
import type { UploadPace } from './http/upload-pace.js';
import type { Log } from './log.js';
import type { SampleLibrary } from '../library/samples.js';
import { reachableAddresses, type ReachableAddresses } from './http/listen.js';
import { requestPath } from './http/request-path.js';
import { Seats } from './sessions/seats.js';
import type { ConnectionLimits } from './websocket/limits.js';
import { SocketEndpoint } from './websocket/endpoint.js';
import type { OpenSource } from './sessions/source-opener.js';
import type { UploadStore } from '../library/upload-store.js';

/** Connections besides those of WebSockets: pages, uploads, videos. */
const httpConnections = 256;

/** Everything a server needs; it owns none of it but its sessions and sockets. */
export interface ServeOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  readonly access: AccessRules;
  readonly maxSessions: number;
  readonly graceMs: number;
  readonly limits: ConnectionLimits;
  readonly model: DuetModel;
  readonly openSource: OpenSource;
  readonly samples: SampleLibrary;
  readonly uploads: UploadStore;
  /** Default: what every line manages. */
  readonly uploadPace?: UploadPace;
  readonly pageFolder: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
}

/** A server that accepts connections. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8787`; one that can be opened on this machine. */
  readonly url: string;
  /** Addresses by which other machines may reach it, where it listens on all of its own. */
  readonly otherUrls: readonly string[];
  /** Ends all sessions and connections, then stops listening; safe to call more than once. */
  close(): Promise<void>;
}

/** Starts listening; throws 'unsupported' when the address cannot be had. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { model, now, newId, log, limits, access } = options;
  const registry = new SessionRegistry({ limit: options.maxSessions, graceMs: options.graceMs });
  const seats = new Seats(registry, options.openSource, { idleMs: limits.idleMs, now, log });
  const state = { stopping: false };
  const app = createHttpApp({
    ...options,
    registry,
    models: [model.description],
    isStopping: () => state.stopping,
  });
  const maxSockets = 4 * options.maxSessions + 16;
  const server = boundedServer(guardedListener(app, log), maxSockets + httpConnections);
  const endpoint = new SocketEndpoint(
    server,
    { registry, seats, model, limits, now, newId, log },
    { access, maxConnections: maxSockets },
  );
  const { url, others } = await listen(server, options.host, options.port);
  // Such as too many open files while accepting: that connection is lost, the server is not.
  server.on('error', (cause) => {
    log('A connection could not be accepted', cause);
  });
  const stop = async (): Promise<void> => {
    state.stopping = true;
    const closed = stopListening(server);
    seats.abandonSources();
    await registry[Symbol.asyncDispose]();
    await endpoint.close();
    server.closeAllConnections();
    await closed;
  };
  let stopped: Promise<void> | undefined;
  return { url, otherUrls: others, close: () => (stopped ??= stop()) };
}

/** Express answers what its routes throw; what fails around them costs one request, never the process. */
function guardedListener(app: RequestListener, log: Log): RequestListener {
  const answer: RequestListener = (request, response) => {
    if (requestPath(request.url) !== null) app(request, response);
    else response.writeHead(400, { Connection: 'close' }).end();
  };
  const giveUp = (_request: IncomingMessage, response: ServerResponse): void => {
    response.destroy();
  };
  return oneAtATime(guarded(log, 'An HTTP request failed', answer, giveUp));
}

async function listen(server: Server, host: string, port: number): Promise<ReachableAddresses> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'is in use: choose another --port'
          : `cannot be had (${cause.code ?? ''})`;
      reject(new DuetError('unsupported', `The address ${host}:${port} ${why}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new DuetError('internal', 'The server has no address');
  return reachableAddresses(bound.address, bound.port);
}

function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
