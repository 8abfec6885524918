import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { Router } from 'express';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { SampleLibrary } from '../../../server/library/samples.js';
import { UploadStore } from '../../../server/library/upload-store.js';
import { describedRoutes } from '../../../server/transport/http/openapi/described-routes.js';
import { openApiDocument } from '../../../server/transport/http/openapi/openapi-document.js';
import { packageFolder } from '../../../server/package-folder.js';
import { openStore } from '../../records/recorded-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder } from '../test-server.js';

const document = openApiDocument() as unknown as Published;
const described = describedRoutes().map(({ method, path }) => `${method.toUpperCase()} ${path}`);

interface Published {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
}

type Responses = Readonly<
  Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: { $ref?: string } }>> }>
>;

/** Where each router is mounted, seen while a server is built. */
const mounts = new Map<unknown, { readonly parent: unknown; readonly path: string }[]>();
const withRoutes = new Set<Routing>();

interface Routing {
  readonly stack: readonly { readonly route?: { readonly path: string; readonly methods: object } }[];
}

const prototype = Router.prototype as { use: (...args: unknown[]) => unknown };
const original = prototype.use;

beforeAll(() => {
  vi.spyOn(prototype, 'use').mockImplementation(function (this: unknown, ...args: unknown[]) {
    const path = typeof args[0] === 'string' ? args[0] : '';
    withRoutes.add(this as Routing);
    for (const child of args.filter((arg) => typeof arg === 'function' && 'stack' in arg)) {
      mounts.set(child, [...(mounts.get(child) ?? []), { parent: this, path }]);
      withRoutes.add(child as unknown as Routing);
    }
    return original.apply(this, args);
  });
});

afterAll(() => {
  vi.restoreAllMocks();
});

/** `GET /v1/sessions/{id}` for every route that the routers of a server have. */
function routesOfServer(): readonly string[] {
  const placesOf = (router: unknown): readonly string[] =>
    mounts.get(router)?.flatMap(({ parent, path }) => placesOf(parent).map((place) => place + path)) ?? [''];
  const found = [...withRoutes].flatMap((router) =>
    router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).flatMap((method) =>
        placesOf(router).map((place) => {
          const path = `${place}${route?.path ?? ''}`
            .replaceAll('//', '/')
            .replace(/(?<=.)\/$/, '')
            .replaceAll(/:(\w+)/g, '{$1}');
          return `${method.toUpperCase()} ${path}`;
        }),
      ),
    ),
  );
  return [...new Set(found)].sort();
}

/** What is asked of a server, with everything in it that can be asked for. */
interface Asked {
  readonly url: string;
  readonly session: string;
  readonly ended: string;
}

type Call = (asked: Asked) => Promise<Response | readonly Response[]>;

const at =
  (path: string, init: RequestInit = {}): Call =>
  ({ url, session }) =>
    fetch(url + path.replace('SESSION', session), init);

/** How each route is called; every answer is checked. */
const calls: Readonly<Record<string, Call>> = {
  'GET /healthz': at('/healthz'),
  'GET /readyz': at('/readyz'),
  'GET /metrics': at('/metrics'),
  'GET /v1/protocol.json': at('/v1/protocol.json'),
  'GET /v1/openapi.json': at('/v1/openapi.json'),
  'GET /v1/asyncapi.json': at('/v1/asyncapi.json'),
  'GET /v1/models': at('/v1/models'),
  'GET /v1/sources': at('/v1/sources'),
  'GET /v1/ingest': at('/v1/ingest'),
  'GET /v1/samples': at('/v1/samples'),
  'GET /v1/samples/{name}': async ({ url }) => [
    await fetch(`${url}/v1/samples/kitchen`),
    await fetch(`${url}/v1/samples/kitchen`, { headers: { range: 'bytes=0-9' } }),
    await fetch(`${url}/v1/samples/none`),
  ],
  'POST /v1/uploads': async ({ url }) => [await upload(url), await upload(url, 'a.exe')],
  'GET /v1/uploads/{id}': async ({ url }) => {
    const { url: path } = (await (await upload(url)).json()) as { url: string };
    return [await fetch(url + path), await fetch(url + path, { headers: { range: 'bytes=0-1' } })];
  },
  'DELETE /v1/uploads/{id}': async ({ url }) => {
    const { url: path } = (await (await upload(url)).json()) as { url: string };
    return [await fetch(url + path, { method: 'DELETE' }), await fetch(url + path, { method: 'DELETE' })];
  },
  'GET /v1/sessions': async ({ url }) => [
    await fetch(`${url}/v1/sessions?limit=1`),
    await fetch(`${url}/v1/sessions?limit=none`),
  ],
  'GET /v1/sessions/{id}': async ({ url, session, ended }) => [
    await fetch(`${url}/v1/sessions/${session}`),
    await fetch(`${url}/v1/sessions/${ended}`),
    await fetch(`${url}/v1/sessions/none`),
  ],
  'GET /v1/sessions/{id}/transcript': ({ url, session }) =>
    Promise.all(
      ['*/*', 'text/vtt', 'text/csv', 'application/x-subrip'].map((accept) =>
        fetch(`${url}/v1/sessions/${session}/transcript`, { headers: { accept } }),
      ),
    ),
  'GET /v1/sessions/{id}/transcript.{type}': at('/v1/sessions/SESSION/transcript.json?suppressed=1'),
  'GET /v1/sessions/{id}/events': at('/v1/sessions/SESSION/events?after=1'),
  'GET /v1/sessions/{id}/stream': at('/v1/sessions/SESSION/stream?last=1'),
  'GET /v1/sessions/latest/stream': at('/v1/sessions/latest/stream?last=1'),
  'GET /v1/sessions/{id}/live.vtt': at('/v1/sessions/SESSION/live.vtt'),
  'GET /v1/sessions/{id}/picture.jpg': at('/v1/sessions/SESSION/picture.jpg'),
  'DELETE /v1/sessions/{id}': async ({ url, session, ended }) => [
    await fetch(`${url}/v1/sessions/${session}`, { method: 'DELETE' }),
    await fetch(`${url}/v1/sessions/${ended}`, { method: 'DELETE' }),
  ],
};

function upload(url: string, name = 'a.mp4'): Promise<Response> {
  const form = new FormData();
  form.set('file', new Blob(['xyz']), name);
  return fetch(`${url}/v1/uploads`, { method: 'POST', body: form });
}

const howTo =
  'describe the route in server/transport/http/openapi/described-routes.ts, name the schema of a JSON answer in ' +
  'server/protocol/published/http-answers.ts, and call it in `calls` of test/transport/http/openapi.test.ts';

test('the published document is OpenAPI', async () => {
  const { valid, errors } = await new Validator().validate(openApiDocument());
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every route that a server has is described and called here, and none besides', async () => {
  await startTestServer();
  const { routes, called } = { routes: routesOfServer(), called: Object.keys(calls).sort() };
  expect(routes.length).toBeGreaterThan(20);
  expect(described.toSorted(), `not described, or gone: ${howTo}`).toEqual(routes);
  expect(called, `not called, or gone: ${howTo}`).toEqual(routes);
});

/** A server with a session that is open and watches, and one that has ended. */
async function serverWithSessions(): Promise<Asked> {
  const uploads = await UploadStore.create({ maxBytes: 100, maxUploads: 9, keepMs: 60_000 });
  onTestFinished(() => uploads[Symbol.asyncDispose]());
  const { url } = await startTestServer({
    ...{ records: await openStore(await temporaryFolder()), uploads, mayListSessions: true },
    ...{ stream: () => new FakeStream(fakeFrames([10, 90])), ingest: { protocols: ['rtmp'] } },
    ...{ samples: new SampleLibrary(join(packageFolder, 'samples')) },
    addresses: { isAny: true, isPrivate: true },
  });
  const ended = await TestClient.open(url);
  ended.send({ type: 'session.close' });
  await ended.closed;
  const client = await TestClient.open(url);
  client.send({ type: 'user.text', text: 'What is it?' });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  return { url, session: client.sessionId, ended: ended.sessionId };
}

test('every answer has a status, a type and a body that the document tells of', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document });
  const asked = await serverWithSessions();
  for (const [route, call] of Object.entries(calls)) {
    const [method = '', path = ''] = route.split(' ');
    const { responses } = document.paths[path]?.[method.toLowerCase()] ?? { responses: {} };
    for (const answer of [await call(asked)].flat()) {
      const { content = {} } = responses[answer.status] ?? (answer.ok ? {} : (responses['default'] ?? {}));
      expect(Object.keys(responses), `${route} answers ${answer.status}: ${howTo}`).toContain(
        answer.ok || answer.status in responses ? String(answer.status) : 'default',
      );
      const [type = ''] = answer.headers.get('content-type')?.split(';') ?? [];
      const known = Object.keys(content).some(
        (each) => each === type || type.startsWith(each.replace('*', '')),
      );
      expect(known, `${route} answers ${answer.status} with ${type || 'nothing'}: ${howTo}`).toBe(
        Object.keys(content).length > 0,
      );
      if (type !== 'application/json') {
        await answer.body?.cancel();
        continue;
      }
      const { $ref = '' } = content[type]?.schema ?? {};
      const validate = ajv.getSchema(`openapi${$ref}`);
      void validate?.(await answer.json());
      expect(validate?.errors ?? [], `${route} does not answer as ${$ref} says: ${howTo}`).toEqual([]);
      expect(validate, `${route} has no schema: ${howTo}`).toBeDefined();
    }
  }
});
