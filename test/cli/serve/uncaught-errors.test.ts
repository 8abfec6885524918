import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../support/faulty-process.ts', import.meta.url));

async function runFaulty(way: string): Promise<{ exitCode: number | null; stdout: string; lines: string[] }> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, way]);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, lines: stderr.trimEnd().split('\n') };
}

test.each(['throw', 'reject'])('an uncaught error (%s) is one line, and the process goes on', async (way) => {
  const { exitCode, stdout, lines } = await runFaulty(way);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'still serving\n' });
  expect(lines).toEqual([expect.stringMatching(/Uncaught error.*TypeError: nobody expected this at /)]);
});

test('a process that keeps throwing exits with 1 after a bounded number of lines', async () => {
  const { exitCode, stdout, lines } = await runFaulty('endless');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'given up\n' });
  expect(lines.length).toBeLessThan(30);
  expect(lines.at(-1)).toContain('the server stops');
}, 30_000);
