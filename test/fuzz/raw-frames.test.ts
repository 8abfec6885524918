/**
 * Frames that no WebSocket library sends, written behind a handshake in order. `FUZZ_CONNECTIONS=20000 npx
 * vitest run test/fuzz/raw-frames.test.ts` is the long mode; `FUZZ_SEED` chooses other frames.
 */
import { expect, test, vi } from 'vitest';
import { seededRandom, type Random } from '../../server/scoring/statistics/random.js';
import { TestClient } from '../transport/test-client.js';
import { startTestServer } from '../transport/test-server.js';
import { sendRaw } from './raw-client.js';

const count = Number(process.env['FUZZ_CONNECTIONS'] ?? 300);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const atOnce = 30;

/** One frame: its first two bytes, length, mask and payload by chance, more often right than wrong. */
function rawFrame(random: Random): Buffer {
  const opcode = random() < 0.8 ? [0, 1, 2, 8, 9, 10][Math.floor(random() * 6)] : Math.floor(random() * 16);
  const reserved = random() < 0.9 ? 0 : Math.floor(random() * 8) << 4;
  const payload =
    random() < 0.5
      ? Buffer.from('{"type":"ping"}')
      : Buffer.alloc(Math.floor(random() * 120), random() * 256);
  const claimed = random() < 0.8 ? payload.length : Math.floor(random() * 128);
  const first = (random() < 0.8 ? 0x80 : 0) | reserved | (opcode ?? 0);
  const head = Buffer.of(first, (random() < 0.95 ? 0x80 : 0) | claimed);
  const long =
    claimed > 125
      ? Buffer.from(Array.from({ length: claimed === 127 ? 8 : 2 }, () => random() * 256))
      : Buffer.alloc(0);
  return Buffer.concat([head, long, Buffer.alloc(4), payload]);
}

test(`${count} connections of broken frames cost one line of the log each at most and leave a server that serves`, async () => {
  const log = vi.fn();
  const { url } = await startTestServer({ log, maxSessions: 32 });
  const { host, port } = new URL(url);
  const upgrade = `GET /v1/duet HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
  const random = seededRandom(seed);
  for (let sent = 0; sent < count; sent += atOnce) {
    const writes = Array.from({ length: atOnce }, () => {
      const frames = Array.from({ length: 1 + Math.floor(random() * 20) }, () => rawFrame(random));
      return upgrade + Buffer.concat(frames).toString('latin1');
    });
    const answers = await Promise.all(writes.map((bytes) => sendRaw(Number(port), bytes)));
    expect(new Set(answers)).toEqual(new Set(['HTTP/1.1 101 Switching Protocols']));
  }
  expect(log.mock.calls.length).toBeLessThanOrEqual(count + atOnce);
  expect(log.mock.calls.filter(([message]) => message !== 'A connection broke')).toEqual([]);
  const client = await TestClient.open(url);
  client.send({ type: 'ping' });
  await client.next('pong');
}, 600_000);
