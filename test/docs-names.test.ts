import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

const documents = [
  'README.md',
  'server/protocol/PROTOCOL.md',
  'samples/README.md',
  'client/sdk/README.md',
  ...filesIn('docs', '.md'),
  ...filesIn('deploy', ''),
  ...filesIn('client/sdk', '.ts'),
  ...filesIn('samples', '.ts'),
];
const samples = readdirSync(join(root, 'samples', 'clips')).map((file) => file.replace(/\.\w+$/, ''));

/** All that a pattern's first group finds in a document, once each. */
function shown(document: string, pattern: RegExp): string[] {
  return [...new Set([...read(document).matchAll(pattern)].map(([, name = '']) => name))];
}

test.each(documents)('%s shows samples that exist', (document) => {
  const named = shown(document, /["']?type["']?: ["']sample["'], ["']?name["']?: ["']([^"']+)["']/g);
  const watched = shown(document, /\bduet watch ([a-z]+)(?= |`|$)/gm);
  const fetched = shown(document, /\/v1\/samples\/([a-z]+)/g);
  expect([...named, ...watched, ...fetched].filter((name) => !samples.includes(name))).toEqual([]);
});

test.each(documents)('%s shows scripts, commands and variables that exist', (document) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(shown(document, /\bnpm run (\w+)/g).filter((name) => !(name in scripts))).toEqual([]);
  const commands = /const commands[^]*?\n};/.exec(read('server/cli/main.ts'))?.[0] ?? '';
  const typed = shown(document, /(?:npx |`|^)duet ([a-z]+)/gm);
  expect(typed.filter((name) => !commands.includes(`  ${name}: {`))).toEqual([]);
  const sources = [...filesIn('server', '.ts'), ...filesIn('test', '.ts'), 'docs/serving.md'];
  const known = sources.map(read).join('');
  expect(shown(document, /\b(DUET_[A-Z_]+[A-Z])\b/g).filter((name) => !known.includes(name))).toEqual([]);
});

test.each(documents)('%s names files that exist', (document) => {
  const paths = shown(document, /`((?:server|client|test|docs|samples|models)\/[\w./-]+\w)`/g);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
