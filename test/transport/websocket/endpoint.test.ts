import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { SocketEndpoint } from '../../../server/transport/websocket/endpoint.js';
import { connectionServices } from '../connection-services.js';
import { RawRequest } from '../raw-request.js';

async function start(maxConnections = 10): Promise<{ url: string; endpoint: SocketEndpoint }> {
  const server = createServer((_request, response) => response.end('over HTTP')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const access = { allowOrigins: [], allowHosts: [] };
  const endpoint = new SocketEndpoint(server, connectionServices(), { access, maxConnections });
  onTestFinished(async () => {
    await endpoint.close();
    server.closeAllConnections();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, endpoint };
}

async function connect(url: string, protocols: string[] = ['duet.v1']): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols);
  onTestFinished(() => {
    socket.terminate();
  });
  await once(socket, 'open');
  return socket;
}

/** How a request for a WebSocket is refused. */
async function refusal(url: string, protocols: string[] = ['duet.v1']) {
  const socket = new WebSocket(url, protocols);
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const { error } = JSON.parse(await text(response)) as { error: { code: string; message: string } };
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], ...error };
}

test.each([[['duet.v1']], [['other', 'duet.v1']], [[]]])(
  'a client that offers the subprotocols %j is served',
  async (protocols) => {
    const { url } = await start();
    const socket = await connect(`${url}/v1/duet?any=query`, protocols);
    socket.send('{"type":"ping"}');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(answer.toString())).toMatchObject({ type: 'pong' });
  },
);

test('another path or subprotocol is refused, naming the right one', async () => {
  const { url } = await start();
  expect(await refusal(`${url}/v1/other`)).toMatchObject({
    status: 404,
    message: 'The WebSocket is at /v1/duet',
  });
  expect(await refusal(`${url}/v1/duet`, ['duet.v2'])).toMatchObject({
    status: 400,
    message: 'The WebSocket speaks duet.v1 only',
  });
});

test('connections beyond the limit are told to retry, and accepted when one has ended', async () => {
  const { url } = await start(1);
  const first = await connect(`${url}/v1/duet`);
  expect(await refusal(`${url}/v1/duet`)).toMatchObject({
    status: 503,
    code: 'busy',
    retryAfter: expect.stringMatching(/^\d+$/) as string,
  });
  first.close();
  await once(first, 'close');
  await connect(`${url}/v1/duet`);
});

test('a refused client that does not hang up is cut off', async () => {
  const { url } = await start();
  const request = new RawRequest(url.replace('ws:', 'http:'));
  request.socket.write(
    'GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  expect(await request.ended).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
});

test('closing tells every client and waits until they are gone', async () => {
  const { url, endpoint } = await start();
  const clients = [await connect(`${url}/v1/duet`), await connect(`${url}/v1/duet`)];
  const closed = Promise.all(clients.map((client) => once(client, 'close')));
  await endpoint.close();
  expect((await closed).map(([code]) => Number(code))).toEqual([1001, 1001]);
});
