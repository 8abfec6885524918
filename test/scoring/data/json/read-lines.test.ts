import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLines } from '../../../../server/scoring/data/json/read-lines.js';

test('a line may be most of a large file, and those around it are whole', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'duet-lines-')), 'lines');
  const long = 'a🎬'.repeat(16_000_000);
  writeFileSync(file, `first\n\n${long}\n last, without an end`);
  const lines = [];
  for await (const { number, text } of readLines(file)) lines.push([number, text.length, text === long]);
  expect(lines).toEqual([
    [1, 5, false],
    [3, long.length, true],
    [4, 21, false],
  ]);
});
