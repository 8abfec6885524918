import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import express, { Router, type Express, type RequestHandler } from 'express';
import type { SessionRegistry } from '../../duet/registry.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import type { SampleLibrary } from '../../library/samples.js';
import type { UploadStore } from '../../library/upload-store.js';
import { asyncApiDocument } from '../../protocol/published/asyncapi-document.js';
import { protocolJsonSchema } from '../../protocol/published/json-schema.js';
import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { ModelRegistry } from '../../runtime/model-registry.js';
import { admit, type Access } from '../access/admit.js';
import type { Ingest } from '../ingest/ingest.js';
import type { Log } from '../log.js';
import { metricsRoutes } from '../metrics.js';
import { endUnreadBody } from './bounded-server.js';
import { crossOrigin } from './cross-origin.js';
import { answerErrors, answerNotFound } from './error-response.js';
import { healthRoutes } from './health.js';
import { openApiDocument } from './openapi/openapi-document.js';
import { answerOtherMethods } from './other-methods.js';
import { pageRoutes } from './page.js';
import type { UploadPace } from './videos/receive-upload.js';
import { securityHeaders } from './security-headers.js';
import type { HostedSessions } from '../sessions/hosted-sessions.js';
import type { ReadableSessions } from '../sessions/readable-sessions.js';
import { sessionRoutes } from './sessions.js';
import { pictureRoutes } from './streams/session-picture.js';
import { streamRoutes, type StreamLimits } from './streams/session-stream.js';
import { sampleRoutes, sourceRoutes, uploadRoutes, type AllowedAddresses } from './videos/video-routes.js';

/** The HTTP side of the server: the page, samples, uploads, transcripts, health and metrics. */
export function createHttpApp(services: HttpServices): Express {
  const app = express();
  const owners = new WeakMap<IncomingMessage, SessionOwner>();
  const ownerOf = (request: IncomingMessage): SessionOwner => owners.get(request) ?? null;
  app.use(securityHeaders);
  app.use(endUnreadBody());
  app.use(crossOrigin(services.access));
  app.use(guard(services.access, owners));
  app.use(healthRoutes(services.registry, services.isStopping));
  app.use(metricsRoutes(services.registry));
  app.use('/v1', versionOne(services, ownerOf));
  if (existsSync(services.pageFolder)) app.use(pageRoutes(services.pageFolder));
  app.use(answerOtherMethods());
  app.use(answerNotFound);
  app.use(answerErrors(services.log));
  return app;
}

/** What the HTTP routes depend on. */
interface HttpServices {
  readonly access: Access;
  readonly registry: SessionRegistry;
  readonly readable: ReadableSessions;
  readonly sessions: HostedSessions;
  readonly limits: StreamLimits;
  /** Whether callers without an account may list all sessions of nobody; default false. */
  readonly mayListSessions?: boolean;
  readonly models: Pick<ModelRegistry, 'capabilities'>;
  readonly samples: SampleLibrary;
  /** Takes what senders push; default: nothing. */
  readonly ingest?: Pick<Ingest, 'protocols'>;
  readonly uploads: UploadStore;
  /** Which addresses it fetches for clients; default: none. */
  readonly addresses?: AllowedAddresses;
  /** Default `defaultUploadPace`. */
  readonly uploadPace?: UploadPace;
  /** Folder of the built page. */
  readonly pageFolder: string;
  readonly isStopping: () => boolean;
  readonly newId: () => string;
  readonly log: Log;
}

/** Admits requests and records their owners. */
function guard(access: Access, owners: WeakMap<IncomingMessage, SessionOwner>): RequestHandler {
  return async (request, _response, next) => {
    owners.set(request, await admit(request, access));
    next();
  };
}

function versionOne(services: HttpServices, ownerOf: (request: IncomingMessage) => SessionOwner): Router {
  const router = Router();
  router.use(documentRoutes());
  router.use('/duet', explainSocket);
  router.get('/models', (_request, response) => {
    response.json({ data: services.models.capabilities.map(describeModel) });
  });
  router.get('/ingest', (_request, response) => {
    response.json({ data: (services.ingest?.protocols ?? []).map((protocol) => ({ protocol })) });
  });
  router.use('/samples', sampleRoutes(services.samples));
  router.use('/uploads', uploadRoutes(services.uploads, services.newId, services.uploadPace));
  const { readable, mayListSessions: mayListUnowned = false } = services;
  const callers = { ownerOf, mayListUnowned };
  router.use('/sources', sourceRoutes(services));
  router.use('/sessions', pictureRoutes(readable, ownerOf));
  router.use('/sessions', streamRoutes({ ...services, callers }));
  router.use('/sessions', sessionRoutes(readable, callers));
  return router;
}

/** What the server can be asked, by socket and by HTTP, for programs. */
function documentRoutes(): Router {
  const router = Router();
  const documents = {
    '/protocol.json': protocolJsonSchema(),
    '/openapi.json': openApiDocument(),
    '/asyncapi.json': asyncApiDocument(),
  };
  for (const [path, document] of Object.entries(documents)) {
    router.get(path, (_request, response) => {
      response.json(document);
    });
  }
  return router;
}

/** A proxy that drops the headers of an upgrade makes a WebSocket's request look like this one. */
const explainSocket: RequestHandler = (_request, response) => {
  const message =
    'This is the WebSocket: connect with ws:// or wss://; a proxy in between must pass on Upgrade and Connection';
  response
    .status(426)
    .set('Upgrade', 'websocket')
    .json({ error: { code: 'invalid_request', message } });
};

function describeModel({ recommended, ...model }: ModelCapabilities): object {
  const { name, version, description, precision, footage, languages, sees, suggestions } = model;
  const about = { footage, languages, sees, suggestions };
  const tasks = Object.keys(recommended);
  return { name, version, description, precision, tasks, ...about, remote: model.remote ?? null };
}
