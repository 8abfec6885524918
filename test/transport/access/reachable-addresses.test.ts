import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { reachableAddresses } from '../../../server/transport/access/reachable-addresses.js';
import { startTestServer } from '../test-server.js';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:80'],
  ['::1', 'http://[::1]:80'],
  ['192.0.2.1', 'http://192.0.2.1:80'],
  ['2001:db8::1', 'http://[2001:db8::1]:80'],
  ['0.0.0.0', 'http://localhost:80'],
  ['::', 'http://localhost:80'],
])('a server that listens on %s is opened at %s', (address, url) => {
  expect(reachableAddresses(address, 80).url).toBe(url);
});

test('the other addresses are those of this machine, of the family it listens on', () => {
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outside = own.filter(({ internal, family }) => !internal && family === 'IPv4');
  expect(reachableAddresses('0.0.0.0', 80).others).toEqual(
    outside.map(({ address }) => `http://${address}:80`),
  );
  expect(reachableAddresses('127.0.0.1', 80).others).toEqual([]);
  for (const url of reachableAddresses('::', 80).others) expect(URL.canParse(url)).toBe(true);
});

test('every address that a server tells is answered', async () => {
  const { url, otherUrls } = await startTestServer({ host: '0.0.0.0' });
  for (const address of [url, ...otherUrls]) expect((await fetch(`${address}/healthz`)).status).toBe(200);
});
