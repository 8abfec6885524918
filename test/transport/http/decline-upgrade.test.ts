import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RawRequest } from '../raw-request.js';
import { startTestServer, temporaryFolder } from '../test-server.js';

const offers = [
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n',
  'Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n',
  'Connection: Upgrade\r\nUpgrade: something-new, h2c\r\n',
];

test.each(offers)('a request that also offers another protocol is answered: %j', async (offer) => {
  const { url } = await startTestServer();
  const request = new RawRequest(url);
  request.socket.write(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`);
  const answer = await request.ended;
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toMatch(/\r\nConnection: close\r\n/i);
  expect(answer).toContain('{"status":"ok"}');
});

test('a large response arrives complete', async () => {
  const pageFolder = await temporaryFolder();
  await writeFile(join(pageFolder, 'index.html'), 'here');
  await writeFile(join(pageFolder, 'large.bin'), Buffer.alloc(20_000_000, 'x'));
  const { url } = await startTestServer({ pageFolder });
  const request = new RawRequest(url);
  request.socket.write(`GET /large.bin HTTP/1.1\r\nHost: localhost\r\n${offers[0] ?? ''}\r\n`);
  const answer = await request.ended;
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4).length).toBe(20_000_000);
});

test('offering another protocol does not bypass the access rules', async () => {
  const { url } = await startTestServer();
  const request = new RawRequest(url);
  request.socket.write(`GET /healthz HTTP/1.1\r\nHost: evil.example\r\n${offers[0] ?? ''}\r\n`);
  expect(await request.ended).toMatch(/^HTTP\/1\.1 403 /);
});

test('a request with a body that offers another protocol is refused, and the server goes on', async () => {
  const { url } = await startTestServer();
  const request = new RawRequest(url);
  request.startUpload('a.mp4', 1000, offers[0] ?? '');
  expect(await request.ended).toMatch(/^HTTP\/1\.1 404 /);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('the server survives hundreds of pipelined requests that offer another protocol', async () => {
  const { url } = await startTestServer();
  for (let round = 0; round < 10; round += 1) {
    const requests = Array.from({ length: 20 }, () => new RawRequest(url));
    for (const { socket } of requests) {
      socket.write(`GET /v1/protocol.json HTTP/1.1\r\nHost: localhost\r\n${offers[0] ?? ''}\r\n`);
      if (round % 2 === 0) socket.once('connect', () => socket.destroy());
    }
    await Promise.all(requests.map(({ ended }) => ended));
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
