import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { duetCommand } from '../../e2e/duet-process.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';

const root = resolve(import.meta.dirname, '../../..');

test('the commands that docs/scoring.md shows for comparing run as they stand', async () => {
  const documentation = readFileSync(join(root, 'docs/scoring.md'), 'utf8');
  const [, commands = ''] = /## Comparing runs\n.*?```sh\n(.*?)```/s.exec(documentation) ?? [];
  expect(commands).toContain('npx duet compare');
  using files = temporaryFiles();
  // The files that the commands read lie where they name them; what they write goes elsewhere.
  const folder = dirname(files.write('empty', ''));
  symlinkSync(join(root, 'test'), join(folder, 'test'));
  const script = join(folder, 'commands.sh');
  const duet = `"${process.execPath}" "${duetCommand}"`;
  writeFileSync(script, `set -euo pipefail\n${commands.replaceAll('npx duet', duet)}`);
  const { stdout, stderr } = await promisify(execFile)('bash', [script], { cwd: folder });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^magqa: in_span, against all \(204 examples\)$/m);
  expect(stdout).toMatch(/^first-120 +204 +2\.0281 +1\.\d{4} +-0\.\d{4} +-0\.\d{4} to -0\.\d{4} +0\.0001/m);
  expect(stdout).toMatch(/^first-120 & 1\.\d\d & \$-0\.\d\d\$ \[.*\] & 0\.0001 \\\\$/m);
});
