import { mkdtempSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { whileLocked } from '../../../server/scoring/runner/folder-lock.js';
import { inOutputFolder, outputFault } from '../../../server/scoring/runner/output-folder.js';
import { DuetError } from '../../../server/errors.js';

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
}

test('an output folder that is a file is named, with what to do', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'duet-output-')), 'a-file');
  writeFileSync(file, '');
  for (const folder of [file, join(file, 'below')]) {
    const fault = outputFault(folder, await failureOf(whileLocked(folder, () => Promise.resolve())), false);
    expect(fault).toMatchObject({ code: 'invalid_request' });
    expect(String(fault)).toMatch(
      /output folder ".*a-file.*cannot be written: a file is in its place .*--output/,
    );
  }
});

test.skipIf(process.platform !== 'linux')('a full disk is named', async () => {
  const fault = outputFault('out', await failureOf(writeFile('/dev/full', 'x')), true);
  expect(String(fault)).toMatch(/the output folder "out" cannot be written: no space left \(ENOSPC\)/);
});

test.each([
  new DuetError('model_failed', 'x'),
  new Error('x'),
  Object.assign(new Error('x'), { code: 'ECONNRESET' }),
])('what the folder has no part in passes unchanged: %s', (thrown) => {
  expect(outputFault('out', thrown, true)).toBe(thrown);
});

test.skipIf(process.platform !== 'linux')(
  'only of work that has begun is anything said to be kept',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'duet-output-'));
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { signal } = new AbortController();
    const nothing = await failureOf(inOutputFolder(file, false, signal, () => Promise.resolve()));
    expect(String(nothing)).toMatch(/fix that, or choose another with --output$/);
    const begun = await failureOf(inOutputFolder(folder, false, signal, () => writeFile('/dev/full', 'x')));
    expect(String(begun)).toMatch(/--output; what was finished before is kept$/);
  },
);
