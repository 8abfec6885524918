import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeBatches } from './fake-batches.js';
import {
  completion,
  completionOf,
  requestSchema,
  type Answer,
  type Behaviour,
  type HeardRequest,
} from './fake-judge-answers.js';

export type { Answer, Behaviour, HeardRequest } from './fake-judge-answers.js';

/** A real HTTP server that speaks as much of the API as a judge needs, and remembers what it heard. */
export interface FakeJudgeEndpoint extends AsyncDisposable {
  /** Base address, `/v1` included. */
  readonly url: string;
  readonly heard: readonly HeardRequest[];
  readonly authorization: readonly (string | undefined)[];
  /** Path and query of every request, and its `api-key`. */
  readonly addressed: readonly { readonly url: string; readonly apiKey: string | undefined }[];
  readonly batches: FakeBatches;
  /** The most requests that were under way at once. */
  mostAtOnce(): number;
}

/** Starts an endpoint on a free port of the loopback interface. */
export async function fakeJudgeEndpoint(behaviour: Behaviour): Promise<FakeJudgeEndpoint> {
  const heard: HeardRequest[] = [];
  const authorization: (string | undefined)[] = [];
  const addressed: { readonly url: string; readonly apiKey: string | undefined }[] = [];
  const batches = new FakeBatches(behaviour);
  let running = 0;
  let most = 0;
  const complete = async (body: Buffer, response: ServerResponse) => {
    const request = requestSchema.parse(JSON.parse(body.toString('utf8')));
    const number = heard.push(request) - 1;
    running += 1;
    most = Math.max(most, running);
    try {
      respond(response, await behaviour(request, number));
    } finally {
      running -= 1;
    }
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    authorization.push(request.headers.authorization);
    const url = request.url ?? '';
    addressed.push({ url, apiKey: request.headers['api-key']?.toString() });
    const path = url.replace(/^\/v1/, '');
    if (/\/chat\/completions(?:\?|$)/.test(path)) await complete(body, response);
    else await batches.handle(request, path, body, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((thrown: unknown) => {
      response.writeHead(500, { 'x-should-retry': 'false' }).end(String(thrown));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    heard,
    authorization,
    addressed,
    batches,
    mostAtOnce: () => most,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** The text of the last message: the case as the judge is shown it. */
export function askedIn(request: HeardRequest): string {
  return request.messages.at(-1)?.content ?? '';
}

function respond(response: ServerResponse, answer: Answer): void {
  switch (answer.type) {
    case 'reply':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(completion(answer.text, answer.finish)));
      return;
    case 'message':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(completionOf(answer.message, answer.finish)));
      return;
    case 'status':
      response
        .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
        .end(JSON.stringify({ error: { message: 'no, sk-verysecret', code: answer.code ?? null } }));
      return;
    case 'raw':
      response
        .writeHead(answer.status ?? 200, { 'content-type': answer.contentType, ...answer.headers })
        .end(answer.body);
      return;
    case 'unfinished':
      leaveUnfinished(response, answer);
      return;
    case 'silence':
      return;
    case 'hang_up':
      response.destroy();
  }
}

function leaveUnfinished(
  response: ServerResponse,
  { body, dripMs }: Extract<Answer, { readonly type: 'unfinished' }>,
): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write(body);
  if (dripMs === undefined) return;
  const drip = setInterval(() => response.write(' '), dripMs);
  response.on('close', () => {
    clearInterval(drip);
  });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
