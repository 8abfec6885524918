import { expect, test } from 'vitest';
import { circlesOf } from './circles.js';
import { fileGraph, folderCircles, repeatedNames, unusedExports } from './figures.js';
import { repeatedPassages } from './repeated-passages.js';
import type { Import, SourceFile } from './source-tree.js';

const graph = (edges: Readonly<Record<string, string>>): Map<string, Set<string>> =>
  new Map(Object.entries(edges).map(([node, next]) => [node, new Set(next.split(' '))]));

const file = (path: string, targets: readonly string[] = [], more: Partial<SourceFile> = {}): SourceFile => ({
  ...{ path, text: '', lines: 0, exports: [], functions: [] },
  imports: targets.map((target) => importOf(target)),
  ...more,
});

function importOf(target: string, isTypeOnly = false): Import {
  return { target, isPackage: false, isTypeOnly, names: ['it'] };
}

test('a circle is every node that leads back to itself, and only those', () => {
  expect(circlesOf(graph({ a: 'b', b: 'c', c: 'a', d: 'a' }))).toEqual([['a', 'b', 'c']]);
  expect(circlesOf(graph({ a: 'b c', b: 'd', c: 'd', d: '' }))).toEqual([]);
  expect(circlesOf(graph({ a: 'b', b: 'a', c: 'd e', d: 'e', e: 'c' }))).toEqual([
    ['c', 'd', 'e'],
    ['a', 'b'],
  ]);
});

test('a circle of types alone is seen where types count', () => {
  const sources = [file('a.ts', ['b.ts']), file('b.ts', [], { imports: [importOf('a.ts', true)] })];
  expect(circlesOf(fileGraph(sources, false))).toEqual([]);
  expect(circlesOf(fileGraph(sources, true))).toEqual([['a.ts', 'b.ts']]);
});

test('folders that import each other are a circle, though none of their files are', () => {
  const sources = [file('x/a/1.ts', ['x/b/1.ts']), file('x/b/1.ts'), file('x/b/2.ts', ['x/a/2.ts'])];
  expect(folderCircles([...sources, file('x/a/2.ts')])).toEqual([['x/a', 'x/b']]);
});

test('a folder may stand between two files of the folder around it', () => {
  expect(
    folderCircles([file('x/open.ts', ['x/in/a.ts']), file('x/in/a.ts', ['x/model.ts']), file('x/model.ts')]),
  ).toEqual([]);
});

test('an export that nobody takes is unused, also by tests', () => {
  const sources = [file('a.ts', [], { exports: ['it', 'other'] })];
  expect(unusedExports(sources, [])).toEqual(['a.ts: it', 'a.ts: other']);
  expect(unusedExports(sources, [file('a.test.ts', ['a.ts'])])).toEqual(['a.ts: other']);
});

test('a name exported by two files is told with both', () => {
  const named = { exports: ['Turn'] };
  expect(repeatedNames([file('a.ts', [], named), file('b.ts', [], named)])).toEqual(['Turn: a.ts, b.ts']);
});

test('six lines that stand in two files are one passage, however they are indented', () => {
  const lines = ['one();', 'two();', 'three();', 'four();', 'five();', 'six();', 'seven();'];
  const sources = [
    file('a.ts', [], { text: ['start();', ...lines].join('\n') }),
    file('b.ts', [], { text: lines.map((line) => `  ${line}`).join('\n') }),
  ];
  expect(repeatedPassages(sources)).toEqual([{ first: 'a.ts:2', second: 'b.ts:1', lines: 7 }]);
});
