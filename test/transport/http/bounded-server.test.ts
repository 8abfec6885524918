import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { boundedServer } from '../../../server/transport/http/bounded-server.js';
import { endUnreadBody } from '../../../server/transport/http/bounded-server.js';
import { RawRequest } from '../raw-request.js';

async function start(maxConnections: number, lingerMs = 100): Promise<string> {
  const app = express();
  app.use(endUnreadBody(lingerMs));
  app.use((_request, response) => {
    response.status(404).send('nothing here');
  });
  const server = boundedServer(app, maxConnections);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a client that keeps sending after the response is cut off, and has the response', async () => {
  const url = await start(10);
  const request = new RawRequest(url);
  request.socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n');
  const drip = setInterval(() => request.socket.write('x'), 10);
  onTestFinished(() => {
    clearInterval(drip);
  });
  expect(await request.ended).toContain('nothing here');
});

test('a complete body keeps its connection', async () => {
  const url = await start(10, 1);
  const request = new RawRequest(url);
  for (let count = 1; count <= 2; count += 1) {
    request.socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody');
    await expect.poll(() => request.received.split('nothing here').length - 1).toBe(count);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(request.socket.readyState).toBe('open');
});

test('connections beyond the limit are closed, and accepted again when one has ended', async () => {
  const url = await start(2);
  const [first, second] = [new RawRequest(url), new RawRequest(url)];
  await Promise.all([first, second].map(({ socket }) => once(socket, 'connect')));
  const third = new RawRequest(url);
  expect(await third.ended).toBe('');
  first.socket.destroy();
  const ask = (): Promise<string> => {
    const request = new RawRequest(url);
    request.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    return request.ended;
  };
  await expect.poll(ask).toContain('nothing here');
});

test('headers, whole requests and idle time are limited', () => {
  const server = boundedServer(() => undefined, 1);
  expect(server.headersTimeout).toBe(60_000);
  expect(server.requestTimeout).toBe(3_600_000);
  expect(server.timeout).toBe(120_000);
});
