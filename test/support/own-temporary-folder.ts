import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

// Each test file has a temporary folder of its own, and so have the processes it starts: a server started
// here must not find, and sweep, what a test beside it has killed.
const folder = mkdtempSync(join(tmpdir(), 'duet-tests-'));
for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
// Servers keep the records of their sessions there, rather than among those of the user.
process.env['XDG_DATA_HOME'] = join(folder, 'data');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
