import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { answerInOrder, requestPath } from '../../../server/transport/http/request-listener.js';
import { RawRequest } from '../raw-request.js';
import { startTestServer } from '../test-server.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function start(answer: Answer): Promise<string> {
  const server = createServer(answerInOrder(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function requests(paths: readonly string[]): string {
  return paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join('');
}

test('pipelined requests are answered in order, one at a time', async () => {
  let busy = 0;
  const most: number[] = [];
  const url = await start((request, response) => {
    busy += 1;
    most.push(busy);
    setImmediate(() => {
      busy -= 1;
      response.end(`[${String(request.url)}]`);
    });
  });
  const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
  const client = new RawRequest(url);
  client.socket.write(requests(paths));
  await expect.poll(() => client.received.match(/\[.*?\]/g)).toEqual(paths.map((path) => `[${path}]`));
  expect(Math.max(...most)).toBe(1);
});

test('a connection with thousands of pipelined requests is closed, with few of them answered', async () => {
  let answered = 0;
  const url = await start((_request, response) => {
    answered += 1;
    response.end('here');
  });
  const flood = new RawRequest(url);
  flood.socket.write(requests(Array.from({ length: 5000 }, () => '/')));
  await flood.ended;
  expect(answered).toBeLessThanOrEqual(32);
  const other = new RawRequest(url);
  other.socket.write(requests(['/']));
  await expect.poll(() => other.received).toContain('here');
});

test('a client that disconnects while a request waits is not answered', async () => {
  const held: ServerResponse[] = [];
  const url = await start((_request, response) => held.push(response));
  const client = new RawRequest(url);
  client.socket.write(requests(['/first', '/second']));
  await expect.poll(() => held.length).toBe(1);
  const gone = once(held[0] ?? client.socket, 'close');
  client.socket.destroy();
  await gone;
  const other = new RawRequest(url);
  other.socket.write(requests(['/third']));
  await expect.poll(() => held.length).toBe(2);
  expect(held[1]?.req.url).toBe('/third');
});

test('a server survives a flood of pipelined requests, and still answers others', async () => {
  const { url } = await startTestServer();
  const flood = new RawRequest(url);
  flood.socket.write(requests(Array.from({ length: 2000 }, () => '/v1/protocol.json')));
  const health = await fetch(`${url}/healthz`);
  expect(health.status).toBe(200);
  await flood.ended;
});

test.each([
  ['/v1/duet', '/v1/duet'],
  ['/v1/duet?x=//', '/v1/duet'],
  ['//', '//'],
  ['///v1/duet', '///v1/duet'],
  ['//:80', '//:80'],
  ['/#x', '/'],
  ['http://127.0.0.1:8787/v1/duet?x', '/v1/duet'],
  ['http://[', null],
  ['http://', null],
  ['*', null],
  ['', null],
  [undefined, null],
])('the path of the request target %j is %j', (target, path) => {
  expect(requestPath(target)).toBe(path);
});
