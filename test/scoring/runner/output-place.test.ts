import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findBenchmark } from '../../../server/scoring/benchmarks/index.js';
import { outputFolder } from '../../../server/scoring/runner/output-folder.js';
import type { BenchmarkPlan } from '../../../server/scoring/runner/plan.js';

/** Where a plan's files go in a working folder in which earlier versions left the given folders. */
function placeOf(changes: Partial<BenchmarkPlan>, ...left: readonly string[]): string {
  const before = process.cwd();
  process.chdir(mkdtempSync(join(tmpdir(), 'duet-place-')));
  onTestFinished(() => {
    process.chdir(before);
  });
  for (const folder of left) mkdirSync(folder, { recursive: true });
  return outputFolder({ benchmark: findBenchmark('dense-captioning'), model: 'duet-nano', ...changes });
}

test('files go to a folder of the name of the benchmark, whatever it was called by', () => {
  expect(placeOf({})).toBe(join('duet-bench', 'dense-captioning'));
  expect(placeOf({ benchmark: findBenchmark('charades') })).toBe(join('duet-bench', 'grounding'));
});

test('what was changed about the work of the model is in the name', () => {
  const baseline = { type: 'uniform', interval: 2.5 } as const;
  expect(placeOf({ baseline, frames: 'black' })).toBe(
    join('duet-bench', 'dense-captioning-uniform-2.5-black'),
  );
});

test('a run that was begun under an older name goes on where it is', () => {
  expect(placeOf({}, 'duet-bench/youcook2')).toBe(join('duet-bench', 'youcook2'));
  const frames = 'black';
  expect(placeOf({ frames }, 'duet-bench/youcook2')).toBe(join('duet-bench', 'dense-captioning-black'));
});

test('a folder of the new name is the one that counts', () => {
  const folders = ['duet-bench/youcook2', 'duet-bench/dense-captioning'];
  expect(placeOf({}, ...folders)).toBe(join('duet-bench', 'dense-captioning'));
});

test('a folder that is named is taken as it is', () => {
  expect(placeOf({ folder: 'here' }, 'duet-bench/youcook2')).toBe('here');
});
