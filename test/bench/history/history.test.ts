import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { historyPage } from './history-page.js';
import { appendRun, describeRun, readHistory } from './history.js';

async function inFolder(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'duet-history-'));
  try {
    await work(join(folder, 'history.jsonl'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('runs are appended, read again and shown, what was not measured included', () =>
  inFolder(async (file) => {
    const range = { low: 90, high: 110, samples: 3 };
    for (const value of [100, 108]) {
      const figures = [
        { name: 'session.frames', value, unit: 'frames/s', range, aim: '>= 90', note: 'a <note> & more' },
        { name: 'pytorch', value: NaN, unit: 'x' },
      ];
      await appendRun(file, describeRun(figures, ['session', 'pytorch', '--rounds', '3']));
    }
    const runs = await readHistory(file);
    expect(runs.map(({ measurements }) => measurements.map(({ value }) => value))).toEqual([
      [100, null],
      [108, null],
    ]);
    expect(runs[1]?.machine.cores).toBeGreaterThan(0);
    const page = historyPage(runs);
    expect(page).toContain('npm run bench -- session pytorch --rounds 3');
    expect(page).toContain('108 frames/s');
    expect(page).toContain('90 - 110 (3)');
    expect(page).toContain('a &lt;note&gt; &amp; more');
    expect(page).toContain('not measured x');
    expect(page.match(/<polyline/g)).toHaveLength(1);
    expect(page).not.toMatch(/<script|https?:/);
  }));

test('a line that is no run is named', () =>
  inFolder(async (file) => {
    await appendRun(file, describeRun([], []));
    await writeFile(file, '{"at":"yesterday"}\n', { flag: 'a' });
    await expect(readHistory(file)).rejects.toThrow('line 2 is no run of the bench');
  }));
