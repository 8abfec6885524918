import { execFile } from 'node:child_process';
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
