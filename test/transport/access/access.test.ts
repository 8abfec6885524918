import { expect, test } from 'vitest';
import { isLoopback, refusalReason } from '../../../server/transport/access/access-rules.js';
import { sendRaw } from '../../fuzz/raw-client.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const rules = { allowOrigins: ['https://friend.example'], allowHosts: ['duet.example'] };

test.each([
  ['a program on this machine', '127.0.0.1:8787', undefined],
  ['the own page', '127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['the own page under localhost', 'localhost:8787', 'http://localhost:8787'],
  ['the own page under an IPv6 address', '[::1]:8787', 'http://[::1]:8787'],
  ['the own page behind a proxy that speaks TLS', 'duet.example', 'https://duet.example'],
  ['a listed page', '127.0.0.1:8787', 'https://friend.example'],
])('%s is admitted', (_who, host, origin) => {
  expect(refusalReason({ host, origin }, rules)).toBeNull();
});

test.each([
  ['no Host', undefined, undefined],
  ['a Host that is none', 'a b', undefined],
  ['a name that DNS may point here', 'evil.example:8787', undefined],
  ['a name that DNS may point here, with its own page', 'evil.example:8787', 'http://evil.example:8787'],
  ['a page of another site', '127.0.0.1:8787', 'https://evil.example'],
  ['a page on another port', 'localhost:8787', 'http://localhost:3000'],
  ['a page without origin', 'localhost:8787', 'null'],
])('%s is refused', (_who, host, origin) => {
  expect(refusalReason({ host, origin }, rules)).toBeTypeOf('string');
});

test.each([
  ['Duet.Example', 'duet.example:8787'],
  ['bücher.example', 'xn--bcher-kva.example'],
])('the name %s is that of the Host header %s', (allowed, host) => {
  const named = { ...rules, allowHosts: [allowed] };
  expect(refusalReason({ host, origin: undefined }, named)).toBeNull();
});

const own = { host: 'localhost:8787', origin: undefined };
const friend = { ...own, origin: 'https://friend.example' };

test.each([
  ['the own page', { ...own, site: 'same-origin' }],
  ['a typed address', { ...own, site: 'none', isVisit: true }],
  ['a link that leads here from another site', { ...own, site: 'cross-site', isVisit: true }],
  ['a listed page', { ...friend, site: 'cross-site' }],
])('%s is admitted, whatever Sec-Fetch-Site says', (_who, caller) => {
  expect(refusalReason(caller, rules)).toBeNull();
});

test.each([
  ['a picture in a page of another site', { ...own, site: 'cross-site' }],
  ['a picture in a page on another port', { ...own, site: 'same-site' }],
  ['something that no browser says', { ...own, site: 'cross-site, same-origin' }],
  ['the own origin claimed by another site', { ...own, origin: 'http://localhost:8787', site: 'cross-site' }],
])('%s is refused because of Sec-Fetch-Site', (_who, caller) => {
  expect(refusalReason(caller, rules)).toBeTypeOf('string');
});

test.each([
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'video' }, 403],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
  [{ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, 200],
])('a request with %j is answered with %i', async (headers, status) => {
  const { host, port } = new URL((await startTestServer()).url);
  const lines = Object.entries({ host, ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  // Not by fetch, which sets these headers itself.
  expect(await sendRaw(Number(port), `GET /healthz HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)).toContain(
    ` ${status} `,
  );
});

test('the WebSocket refuses a page of another site that hides its origin', async () => {
  const { url } = await startTestServer();
  const connecting = TestClient.connect(url, { headers: { 'sec-fetch-site': 'cross-site' } });
  await expect(connecting).rejects.toThrow('status 403');
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
])('the WebSocket refuses %s', async (_who, options, message) => {
  const { url } = await startTestServer();
  await expect(TestClient.connect(url, options)).rejects.toThrow(message);
});

test('the WebSocket is at one path only', async () => {
  const { url } = await startTestServer();
  await expect(TestClient.connect(`${url}/elsewhere`)).rejects.toThrow('status 404');
});

test.each(['GET', 'POST'])('HTTP refuses a %s from another site', async (method) => {
  const { url } = await startTestServer();
  const response = await fetch(`${url}/v1/uploads`, { method, headers: { origin: 'https://evil.example' } });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
});
