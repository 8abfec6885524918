import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Benchmark } from '../../server/scoring/benchmark.js';
import { scoreFiles } from '../../server/scoring/score.js';
import { temporaryFiles } from './support/temporary-files.js';
import { compileInPlace } from '../support/compile-in-place.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = await readFile(join(root, 'docs', 'add-a-benchmark.md'), 'utf8');
const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];
const placed = join('server', 'scoring', 'benchmarks', 'reply-count', 'reply-count.ts');
const [, change = ''] = /```diff\n(.*?)```/s.exec(page) ?? [];

test('the whole example is a file and a line, less than 100 lines together', () => {
  expect(example).toContain('defineBenchmark({');
  expect(example.split('\n').length + change.split('\n').length).toBeLessThan(100);
});

test('the line goes where the page says it goes', async () => {
  const [before = ''] = change.split('\n');
  const table = await readFile(join(root, 'server', 'scoring', 'benchmarks', 'index.ts'), 'utf8');
  expect(table).toContain(`\n${before.slice(1)}\n`);
});

test('the file compiles in its place, as strictly as the rest', () => {
  expect(compileInPlace(root, new Map([[join(root, placed), example]]))).toEqual([]);
});

test.each([
  [{}, 0.5, [1, 0]],
  [{ slack: 1 }, 1, [1, 1]],
])('it scores a file of predictions by the rules %j', async (rules, share, values) => {
  const benchmark = await exampleBenchmark();
  using files = temporaryFiles();
  const conversation = [{ role: 'user', content: 'what?', time: 0 }];
  const answer = [1, 5].map((start) => ({ content: 'x', time: [start, start + 1] }));
  const said = (count: number) => Array.from({ length: count }, (_, time) => reply(time));
  const lines = [2, 3].map((count, index) => ({
    question_id: `q${index}`,
    model_response_list: said(count),
  }));
  const gold = lines.map(({ question_id }) => ({ question_id, conversation, answer }));
  const outcome = await scoreFiles(
    {
      benchmark,
      annotations: files.write('gold.json', JSON.stringify(gold)),
      predictions: files.write('pred.jsonl', lines.map((line) => JSON.stringify(line)).join('\n')),
      ...{ mode: 'strict', unknown: 'fail', rules, development: null, judging: null, saveJudged: null },
    },
    { signal: new AbortController().signal },
  );
  if (outcome.type !== 'scored') throw new Error('nothing is estimated here');
  expect(outcome.report.values).toEqual({ right_count: share });
  expect(outcome.report.examples.map(({ value }) => value)).toEqual(values);
});

function reply(time: number) {
  return { role: 'assistant', content: 'x', time };
}

/** The benchmark of the page, from a file elsewhere that imports the same modules. */
async function exampleBenchmark(): Promise<Benchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'add-a-benchmark-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'reply-count.ts');
  const here = dirname(join(root, placed));
  const text = example
    .replaceAll(/from '(\.[^']+)'/g, (_, target: string) => `from '${join(here, target)}'`)
    .replace("from 'zod'", `from '${fileURLToPath(import.meta.resolve('zod'))}'`);
  await writeFile(file, text);
  const { replyCount } = (await import(pathToFileURL(file).href)) as { replyCount: Benchmark };
  return replyCount;
}
