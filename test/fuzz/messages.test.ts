/**
 * Messages of every kind, right and wrong, over several WebSockets to a server with the bundled model. The
 * long mode is `FUZZ_MESSAGES=100000 npx vitest run test/fuzz/messages.test.ts`; `FUZZ_SEED` chooses other
 * messages. A message counts once a `ping` behind it was answered, so that only what the server has dealt
 * with is counted.
 */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configSchema } from '../../server/config.js';
import { startServer, type DuetServer } from '../../server/main.js';
import { seededRandom } from '../../server/scoring/statistics/random.js';
import { TestClient } from '../transport/test-client.js';
import { FuzzClient, type FuzzTally } from './fuzz-client.js';

const count = Number(process.env['FUZZ_MESSAGES'] ?? 1000);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const clients = 6;

const logged: string[] = [];
let server: DuetServer;

beforeAll(async () => {
  const config = configSchema.parse({
    ...{ model: 'duet-nano', port: 0, workers: 1 },
    ...{ maxSessions: 32, graceSeconds: 1 },
  });
  const log = (message: string, cause?: unknown): void => {
    logged.push(`${message} ${cause instanceof Error ? String(cause.stack) : String(cause)}`);
  };
  server = await startServer(config, log, new AbortController().signal);
}, 60_000);

afterAll(() => server.close());

test(`${count} messages of all kinds make no crash, no hang and no internal error, and a session works after them`, async () => {
  const create = { width: 32, height: 16, channels: 3, background: '#c86432' } as const;
  const jpeg = await sharp({ create }).jpeg().toBuffer();
  const tally: FuzzTally = { handled: 0, errors: {}, closed: {}, events: {}, sessionIds: [] };
  const running = Array.from({ length: clients }, (_, index) =>
    new FuzzClient(server.url, seededRandom(seed * 100 + index), jpeg, tally).run(count),
  );
  await Promise.all(running);
  if (process.env['FUZZ_MESSAGES'] !== undefined)
    console.log(seed, tally.handled, tally.errors, tally.closed, tally.events);
  expect(tally.handled).toBeGreaterThanOrEqual(count);
  expect(Object.keys(tally.errors)).not.toContain('internal');
  expect(Object.keys(tally.errors)).not.toContain('model_failed');
  expect(logged.filter((line) => !/^A (connection broke|client )/.test(line))).toEqual([]);
  const client = await TestClient.open(server.url, {
    policy: { type: 'threshold', threshold: 0 },
    max_reply_tokens: 4,
  });
  client.send({
    type: 'source.start',
    source: { type: 'sample', name: 'farm' },
    pacing: 'fast',
    max_frames: 4,
  });
  expect(await client.next('response.done')).toMatchObject({ status: 'completed' });
  expect(await client.next('source.ended')).toMatchObject({ frames: 4, reason: 'finished' });
}, 3_600_000);
