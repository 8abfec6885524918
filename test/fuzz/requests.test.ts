/**
 * Raw requests with broken lines and headers, most of them asking for a WebSocket. `FUZZ_REQUESTS=50000 npx
 * vitest run test/fuzz/requests.test.ts` is the long mode; `FUZZ_SEED` chooses other requests.
 */
import { expect, test, vi } from 'vitest';
import { seededRandom } from '../../server/scoring/statistics/random.js';
import { TestClient } from '../transport/test-client.js';
import { startTestServer } from '../transport/test-server.js';
import { sendRaw } from './raw-client.js';
import { rawRequest, targets } from './raw-requests.js';

const count = Number(process.env['FUZZ_REQUESTS'] ?? 600);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const atOnce = 60;
/** Some requests are only begun, and the server waits for the rest. */
const patienceMs = 400;

async function startServer(): Promise<{
  url: string;
  host: string;
  port: number;
  log: ReturnType<typeof vi.fn>;
}> {
  const log = vi.fn();
  const { url } = await startTestServer({ log });
  const { host, port } = new URL(url);
  return { url, host, port: Number(port), log };
}

function upgrade(target: string, host: string): string {
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

test.each(targets.filter((target) => !target.includes('duet')))(
  'an upgrade of %j is refused and the server stays',
  async (target) => {
    const { url, host, port, log } = await startServer();
    expect(await sendRaw(port, upgrade(target, host))).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(log).not.toHaveBeenCalled();
  },
);

test.each(['/v1/duet', '/v1/duet?a=b', 'http://127.0.0.1/v1/duet'])(
  'an upgrade of %s is accepted',
  async (target) => {
    const { host, port } = await startServer();
    expect(await sendRaw(port, upgrade(target, host))).toBe('HTTP/1.1 101 Switching Protocols');
  },
);

test(`${count} broken requests end no process, fail nothing inside and leave a server that serves`, async () => {
  const { url, host, port, log } = await startServer();
  const random = seededRandom(seed);
  const statuses = new Map<string, number>();
  for (let sent = 0; sent < count; sent += atOnce) {
    const requests = Array.from({ length: atOnce }, () => rawRequest(random, host));
    const answers = await Promise.all(requests.map((bytes) => sendRaw(port, bytes, patienceMs)));
    for (const answer of answers) {
      const status = answer === null ? 'waits' : (answer.split(' ')[1] ?? 'closed');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  if (process.env['FUZZ_REQUESTS'] !== undefined) console.log(seed, Object.fromEntries(statuses));
  expect(Object.fromEntries(statuses)).not.toHaveProperty('500');
  const inside = log.mock.calls.filter(([message]) => message !== 'A connection broke');
  expect(inside).toEqual([]);
  const client = await TestClient.open(url);
  client.send({ type: 'ping' });
  await client.next('pong');
}, 600_000);
