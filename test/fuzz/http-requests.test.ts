import { expect, test } from 'vitest';
import { DuetProcess } from '../e2e/duet-process.js';
import { temporaryFolder } from '../transport/test-server.js';
import { fuzzHttp } from './http-requests.js';

/** More for a night: `DUET_FUZZ_REQUESTS=100000 npx vitest run test/fuzz/http-requests.test.ts`. */
const requests = Number(process.env['DUET_FUZZ_REQUESTS'] ?? 1500);

test(
  'no HTTP request ends the server, hangs, or fails inside it',
  async () => {
    const seed = Number(process.env['DUET_FUZZ_SEED'] ?? 1);
    const duet = new DuetProcess(['serve', '--port', '0', '--workers', '1'], {
      TMPDIR: await temporaryFolder(),
    });
    const [, url = ''] = await duet.says(/listening on (http:\S+)/);
    const { statuses, internal, hung } = await fuzzHttp(url, requests, seed);
    expect({ internal, hung }).toEqual({ internal: [], hung: [] });
    // The requests are odd, not hopeless: they reach the routes.
    for (const status of ['200', '201', '206', '400', '404', '415']) {
      expect(statuses[status], `answers of status ${status}`).toBeGreaterThan(0);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    duet.child.kill('SIGINT');
    const { exitCode, stderr } = await duet.ended;
    expect({ exitCode, failures: stderr.match(/.*(internal|failed|uncaught).*/gi) }).toEqual({
      exitCode: 0,
      failures: null,
    });
  },
  60_000 + requests * 20,
);
