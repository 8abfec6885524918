import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = [
  'README.md',
  'SECURITY.md',
  'client/sdk/README.md',
  'docs/README.md',
  'docs/add-a-benchmark.md',
  'docs/architecture.md',
  'docs/benchmarks.md',
  'docs/build-a-model.md',
  'docs/caption-a-folder.md',
  'docs/deploy.md',
  'docs/mcp.md',
  'docs/memory.md',
  'docs/run-on-a-gpu-engine.md',
  'docs/scoring.md',
  'docs/serving.md',
  'docs/video-sources.md',
  'docs/webhook.md',
  'docs/when-it-speaks.md',
  'models/duet-nano/MODEL_CARD.md',
  'models/figures/real/README.md',
  'models/training/README.md',
  'models/training/sight/README.md',
  'samples/README.md',
  'samples/benchmark-sight/README.md',
  'samples/benchmark/README.md',
  'server/protocol/PROTOCOL.md',
];

test('the program in the README is the sample that the end-to-end tests run', () => {
  const [, program] = /```ts\n(.*?)```/s.exec(read('README.md')) ?? [];
  expect(program).toBe(read('samples/watch.ts'));
});

test('the README opens with the two commands', () => {
  const [, commands] = /```bash\n(.*?)```/s.exec(read('README.md')) ?? [];
  expect(commands).toMatch(/^npm ci && npm start\b.*\nnpm ci && npm test\b/);
});

test.each(documents)('every link of %s leads somewhere', (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '');
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  expect(local.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([]);
});

test('every page of docs is in the index', () => {
  const pages = readdirSync(join(root, 'docs')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  const index = read('docs/README.md');
  expect(pages.filter((page) => !index.includes(`](${page}`))).toEqual([]);
});

test('every library is accounted for in docs/dependencies.md', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  const text = read('docs/dependencies.md');
  expect(names.filter((name) => !name.startsWith('@types/') && !text.includes(`\`${name}\``))).toEqual([]);
});
