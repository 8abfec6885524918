import { expect, test } from 'vitest';
import { isLoopback, refuseCaller } from '../../server/transport/access.js';
import { TestClient } from './test-client.js';
import { startTestServer } from './test-server.js';

const rules = { allowOrigins: ['https://friend.example'], allowHosts: ['duet.example'] };

test.each([
  ['a program on this machine', '127.0.0.1:8787', undefined],
  ['the own page', '127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['the own page under localhost', 'localhost:8787', 'http://localhost:8787'],
  ['the own page under an IPv6 address', '[::1]:8787', 'http://[::1]:8787'],
  ['the own page behind a proxy that speaks TLS', 'duet.example', 'https://duet.example'],
  ['a listed page', '127.0.0.1:8787', 'https://friend.example'],
])('%s may come in', (_who, host, origin) => {
  expect(refuseCaller({ host, origin }, rules)).toBeNull();
});

test.each([
  ['no Host', undefined, undefined],
  ['a Host that is none', 'a b', undefined],
  ['a name that DNS may point here', 'evil.example:8787', undefined],
  ['a name that DNS may point here, with its own page', 'evil.example:8787', 'http://evil.example:8787'],
  ['a page of another site', '127.0.0.1:8787', 'https://evil.example'],
  ['a page on another port', 'localhost:8787', 'http://localhost:3000'],
  ['a page without origin', 'localhost:8787', 'null'],
])('%s is turned away', (_who, host, origin) => {
  expect(refuseCaller({ host, origin }, rules)).toBeTypeOf('string');
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['localhost', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ['a page of another site', { origin: 'https://evil.example' }, 'status 403'],
  ['a rebound name', { headers: { host: 'evil.example' } }, 'status 403'],
])('the WebSocket turns %s away', async (_who, options, message) => {
  const { url } = await startTestServer();
  await expect(TestClient.connect(url, options)).rejects.toThrow(message);
});

test('the WebSocket is at one path only', async () => {
  const { url } = await startTestServer();
  await expect(TestClient.connect(`${url}/elsewhere`)).rejects.toThrow('status 404');
});

test.each(['GET', 'POST'])('HTTP turns a %s of another site away', async (method) => {
  const { url } = await startTestServer();
  const response = await fetch(`${url}/v1/uploads`, { method, headers: { origin: 'https://evil.example' } });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
});
