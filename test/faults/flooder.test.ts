import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./flooder.ts', import.meta.url));

test('four sessions lose no frame beside a client that sends 10,000 settings a second, and the event loop stays free', async () => {
  const args = ['--import', 'tsx', script, '--kinds', 'update', '--seconds', '4', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const { viewers, flood, loop } = JSON.parse(printed) as {
    viewers: { due: number; scored: number; dropped: number; lost: number[] };
    flood: { sent: number };
    loop: { p99: number };
  };
  expect(flood.sent).toBeGreaterThan(10_000);
  expect(viewers).toMatchObject({ due: 32, scored: 32, dropped: 0, lost: [] });
  // Measured at 15 to 30 ms with both cores taken by others; a quiet machine holds 50.
  expect(loop.p99).toBeLessThan(200);
}, 60_000);
