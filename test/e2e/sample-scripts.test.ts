import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DuetProcess } from './duet-process.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('samples/watch.ts prints the conversation of a clip with its question', async () => {
  const duet = new DuetProcess(['serve', '--port', '0', '--workers', '1']);
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  const args = ['--import', 'tsx', 'samples/watch.ts', url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(/^5\.\d you: {2}What is happening\?$/m);
  expect(stdout).toMatch(/^\d+\.\d (you: |duet:) .*$/m);
});

test('samples/run-benchmark.ts is the program of docs/benchmarks.md, and runs a benchmark', async () => {
  const program = readFileSync(join(root, 'samples/run-benchmark.ts'), 'utf8');
  expect(readFileSync(join(root, 'docs/benchmarks.md'), 'utf8')).toContain(`\`\`\`ts\n${program}\`\`\``);
  const folder = mkdtempSync(join(tmpdir(), 'duet-sample-'));
  const args = ['--import', 'tsx', 'samples/run-benchmark.ts', folder];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(
    /^in_span: [\d.]+, 0 questions not played\nwritten: .*predictions\.jsonl.*report\.html$/m,
  );
});
