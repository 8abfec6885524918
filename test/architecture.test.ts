import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../server');

/**
 * Which folders of the server each folder may import; data flows one way. `errors` is open to all but the
 * wire, and so is what {@link openToAll} names.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  concurrency: [],
  settings: [],
  video: [],
  runtime: ['video'],
  duet: ['video', 'runtime'],
  library: ['video'],
  protocol: [],
  transport: ['video', 'runtime', 'duet', 'library', 'protocol'],
  scoring: ['video', 'runtime', 'duet'],
  builder: ['runtime'],
  cli: ['video', 'runtime', 'duet', 'library', 'protocol', 'transport', 'scoring', 'builder'],
};

/** Folders that know none of the others and that every folder may import. */
const openToAll: readonly string[] = ['concurrency', 'settings'];

/** Libraries that exactly one place may know. */
const ownedLibraries: Readonly<Record<string, RegExp>> = {
  'onnxruntime-node': /^runtime[/\\]onnx[/\\]graphs[/\\]onnx-runtime\.ts$/,
  'fluent-ffmpeg': /^video[/\\]ffmpeg[/\\]process\.ts$/,
  bullmq: /^scoring[/\\]runner[/\\]queue[/\\]/,
  ioredis: /^scoring[/\\]runner[/\\]queue[/\\]/,
  cacache: /^scoring[/\\]judges[/\\]asking[/\\]/,
  openai: /^scoring[/\\]judges[/\\](kinds[/\\]openai|batch)[/\\]/,
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gm)].map((match) => match[1] ?? '');
}

test.each(files)('%s imports only what its folder may', (file) => {
  const folder = file.split(sep)[0] ?? '';
  for (const target of importsOf(file).filter((name) => name.startsWith('.'))) {
    const imported = relative(root, resolve(root, dirname(file), target));
    const importedFolder = imported.includes(sep) ? (imported.split(sep)[0] ?? '') : '';
    if (['', folder, ...openToAll].includes(importedFolder) || !(folder in allowed)) continue;
    expect(allowed[folder], `${file} imports ${imported}`).toContain(importedFolder);
  }
});

test.each(Object.entries(ownedLibraries))('only its own place imports %s', (library, place) => {
  const importers = files.filter((file) => importsOf(file).includes(library));
  expect(importers.filter((file) => !place.test(file))).toEqual([]);
});
