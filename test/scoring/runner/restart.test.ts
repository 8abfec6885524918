import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { deleteRun } from '../../../server/scoring/runner/output-folder.js';

test('what a benchmark left is deleted; what a stranger keeps in the same places stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duet-forget-'));
  const ours = [
    'journal.jsonl',
    'predictions.jsonl',
    'development/journal.jsonl',
    'threshold-1e+21/journal.jsonl',
  ];
  const others = [
    'notes.txt',
    'development/thesis.tex',
    'report.html/mine.html',
    'src/journal.jsonl',
    'lock.json',
  ];
  for (const name of [...ours, ...others]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), 'x');
  }
  await deleteRun(folder);
  expect(ours.filter((name) => existsSync(join(folder, name)))).toEqual([]);
  expect(others.filter((name) => existsSync(join(folder, name)))).toEqual(others);
});

test('a folder that is not there has nothing to forget', async () => {
  await expect(deleteRun('/nowhere/at/all')).resolves.toBeUndefined();
});
