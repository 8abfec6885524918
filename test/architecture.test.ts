import { join } from 'node:path';
import { expect, test } from 'vitest';
import { circlesOf } from './structure/circles.js';
import { fileGraph, folderCircles, repeatedNames, unusedExports } from './structure/figures.js';
import { folderOf, readSourceTree, type SourceFile } from './structure/source-tree.js';

/**
 * Which rooms each room may import, types included: data flows one way. A room is a folder or a file of
 * `server`, `client` or `models`; one that is not listed here is a fault.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'server/errors.ts': [],
  'server/make-folder.ts': ['server/errors.ts'],
  'server/package-folder.ts': ['server/errors.ts'],
  'server/read-json-file.ts': [],
  'server/concurrency': [],
  'server/owner-socket.ts': [],
  'server/endpoint': ['server/errors.ts'],
  'server/settings': ['server/errors.ts'],
  'server/video': ['server/errors.ts', 'server/make-folder.ts', 'server/concurrency'],
  'server/runtime': [
    'server/errors.ts',
    'server/package-folder.ts',
    'server/read-json-file.ts',
    'server/concurrency',
    'server/endpoint',
    'server/settings',
    'server/video',
  ],
  'server/duet': [
    'server/errors.ts',
    'server/concurrency',
    'server/settings',
    'server/video',
    'server/runtime',
  ],
  'server/protocol': ['server/errors.ts', 'server/settings'],
  'server/library': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/owner-socket.ts'],
    ...['server/concurrency', 'server/settings', 'server/video'],
  ],
  'server/records': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/owner-socket.ts'],
    ...['server/concurrency', 'server/duet', 'server/protocol'],
  ],
  'server/transport': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/concurrency', 'server/settings'],
    ...['server/video', 'server/runtime', 'server/duet', 'server/protocol', 'server/library'],
    'server/records',
  ],
  'server/scoring': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/concurrency', 'server/settings'],
    ...['server/video', 'server/runtime', 'server/duet', 'server/package-folder.ts', 'server/endpoint'],
  ],
  'server/webhook': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/video', 'server/runtime', 'server/duet'],
  ],
  'server/mcp': [
    ...['server/errors.ts', 'server/settings', 'server/library', 'server/duet', 'server/records'],
    'server/transport',
  ],
  'server/captioning': [
    ...['server/errors.ts', 'server/make-folder.ts', 'server/settings', 'server/video', 'server/runtime'],
    ...['server/duet', 'server/protocol', 'server/scoring'],
  ],
  'server/builder': [
    'server/errors.ts',
    'server/make-folder.ts',
    'server/read-json-file.ts',
    'server/runtime',
  ],
  'server/config-file.ts': ['server/errors.ts', 'server/read-json-file.ts'],
  'server/config.ts': [
    ...['server/errors.ts', 'server/config-file.ts', 'server/package-folder.ts', 'server/transport'],
    'server/records',
  ],
  'server/index.ts': ['server/errors.ts', 'server/config.ts', 'server/main.ts'],
  'server/main.ts': [
    ...['server/errors.ts', 'server/config.ts', 'server/package-folder.ts', 'server/video'],
    ...['server/runtime', 'server/library', 'server/transport', 'server/records', 'server/webhook'],
  ],
  'server/cli': [
    ...[
      'server/errors.ts',
      'server/make-folder.ts',
      'server/concurrency',
      'server/settings',
      'server/config.ts',
    ],
    ...[
      'server/main.ts',
      'server/video',
      'server/runtime',
      'server/duet',
      'server/library',
      'server/transport',
    ],
    ...['server/scoring', 'server/captioning', 'server/builder', 'server/mcp'],
    ...['server/package-folder.ts', 'server/protocol', 'server/records'],
  ],
  'client/common': [],
  'client/sdk': ['server/errors.ts', 'server/protocol'],
  'client/package': ['server/package-folder.ts', 'server/protocol'],
  'client/page': ['client/common', 'client/sdk', 'server/duet', 'server/protocol', 'server/settings'],
  'client/overlay': ['server/protocol'],
  'client/report': ['client/common', 'server/scoring'],
  'client/vite.config.ts': [],
  'models/figures': [
    ...['server/errors.ts', 'server/settings', 'server/video', 'server/runtime', 'server/builder'],
    ...['server/scoring', 'server/cli', 'server/main.ts'],
  ],
};

/** Rooms that run in a browser or know nobody: of what they import here only types may be taken. */
const onlyTypes: readonly (readonly [room: string, imported: string, except: RegExp])[] = [
  ['client/sdk', 'server/', /^server\/protocol\/picture-message\.ts$/],
  [
    'client/page',
    'server/',
    // The page decides again with the very code that has decided.
    /^server\/(settings\/(controls|footage|policies)|protocol\/(subtitles|transcript-csv)|duet\/replay\/decide-again)\.ts$/,
  ],
  ['client/overlay', 'server/', /^server\/protocol\/captions\/caption-queue\.ts$/],
  ['client/report', 'server/', /\/page-data\.ts$/],
];

/** Libraries that exactly one place may know. */
const ownedLibraries: Readonly<Record<string, RegExp>> = {
  'onnxruntime-node': /^server\/runtime\/onnx\//,
  'fluent-ffmpeg': /^server\/video\/ffmpeg\/process\.ts$/,
  bullmq: /^server\/scoring\/runner\/queue\//,
  ioredis: /^server\/scoring\/runner\/queue\//,
  cacache: /^server\/scoring\/judges\/asking\//,
  'obs-websocket-js/json': /^server\/cli\/send\//,
  openai: /^server\/(scoring\/judges|runtime\/remote|endpoint)\//,
};

/** A folder with more files is divided. */
const mostFiles = 15;

const root = join(import.meta.dirname, '..');
const sources = readSourceTree(root, ['server', 'client', 'models/figures']);

function roomOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

const rooms = [...new Set(sources.map(({ path }) => roomOf(path)))];

test.each(rooms)('%s imports only the rooms it may, types included', (room) => {
  const allowed = mayImport[room];
  expect(allowed, `${room} is not in the table of rooms`).toBeDefined();
  const wrong = importsOf(room).filter(({ target }) => {
    return roomOf(target) !== room && allowed?.includes(roomOf(target)) !== true;
  });
  expect(wrong.map(({ path, target }) => `${path} imports ${target}`)).toEqual([]);
});

test.each(onlyTypes)(
  '%s takes nothing but types from %s, but for one exception',
  (room, imported, except) => {
    const values = importsOf(room).filter(
      ({ target, isTypeOnly }) => target.startsWith(imported) && !isTypeOnly,
    );
    expect(values.filter(({ target, path }) => !except.test(target) && !except.test(path))).toEqual([]);
  },
);

test.each(Object.entries(ownedLibraries))('only its own place imports %s', (library, place) => {
  const importers = sources.filter(({ imports }) => imports.some(({ target }) => target === library));
  expect(importers.map(({ path }) => path).filter((path) => !place.test(path))).toEqual([]);
});

test('no files import each other in a circle, types included', () => {
  expect(circlesOf(fileGraph(sources, true))).toEqual([]);
});

test('no files and folders that lie side by side import each other in a circle', () => {
  expect(folderCircles(sources)).toEqual([]);
});

test('nothing is exported that no other file imports', () => {
  const users = readSourceTree(root, ['test', 'samples']);
  // The class of the element is for programs that install the client.
  const forOthers = /vite\.config|: DuetPlayer$/;
  expect(unusedExports(sources, users).filter((unused) => !forOthers.test(unused))).toEqual([]);
});

test('a name is exported by one file only', () => {
  expect(repeatedNames(sources)).toEqual([]);
});

test('a folder can be taken in at a glance', () => {
  const counts = new Map<string, number>();
  for (const { path } of sources) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
  const tooLong = [...counts].filter(([, files]) => files > mostFiles);
  expect(tooLong).toEqual([]);
});

test('comments are as narrow as code', () => {
  const wide = sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (isWideComment(line) ? [`${path}:${index + 1}`] : [])),
  );
  expect(wide).toEqual([]);
});

/** Prettier breaks code at 110 columns, and leaves comments as they are. */
function isWideComment(line: string): boolean {
  return line.length > 110 && /^\s*(\*|\/[/*])/.test(line) && !line.includes('eslint-disable');
}

interface RoomImport {
  readonly path: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function importsOf(room: string): readonly RoomImport[] {
  return sources
    .filter(({ path }) => roomOf(path) === room)
    .flatMap(({ path, imports }: SourceFile) =>
      imports
        .filter(({ isPackage }) => !isPackage)
        .map(({ target, isTypeOnly }) => ({ path, target, isTypeOnly })),
    );
}
