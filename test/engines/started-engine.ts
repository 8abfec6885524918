import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/**
 * Starts a real engine by a Python script of this folder until the test ends; its base address.
 *
 * @param options.others what the script is told after its port.
 * @param options.alive the path that answers once it serves.
 */
export async function startedEngine(
  python: string,
  script: string,
  { others = [], alive = '/health' }: { readonly others?: readonly string[]; readonly alive?: string } = {},
): Promise<string> {
  const port = await freePort();
  const path = fileURLToPath(new URL(script, import.meta.url));
  // vLLM works in processes of its own, which outlive the one that started them unless their group ends.
  const server = spawn(python, [path, String(port), ...others], { stdio: 'ignore', detached: true });
  onTestFinished(() => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
  });
  for (let second = 0; second < 240 && server.exitCode === null; second++) {
    const healthy = await fetch(`http://127.0.0.1:${port}${alive}`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return `http://127.0.0.1:${port}/v1`;
    await sleep(1000);
  }
  throw new Error(`${python} ${path} did not start a server; run it by hand to see why`);
}

/** Milliseconds that a test with a real engine may take: a small model on two busy cores. */
export const enginePatience = 600_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}
