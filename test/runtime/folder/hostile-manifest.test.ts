import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { inspectModel } from '../../../server/builder/inspect-model.js';
import { listModels } from '../../../server/runtime/folder/model-list.js';
import { readManifest } from '../../../server/runtime/folder/model-folder.js';
import { temporaryFolder } from '../../transport/test-server.js';

const nano = fileURLToPath(new URL('../../../models/duet-nano/manifest.json', import.meta.url));
const text = await readFile(nano, 'utf8');

/**
 * A folder whose manifest is that of the bundled model, with `written` at a dotted path; written as JSON
 * text, so that 1e999 can be said.
 */
async function folderWith(path: string, written: string): Promise<string> {
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const owner = names.reduce((inner, name) => inner[name] as Record<string, unknown>, manifest);
  owner[last] = '@here@';
  return folderOf(JSON.stringify(manifest).replace('"@here@"', () => written));
}

async function folderOf(manifest: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'manifest.json'), manifest);
  return folder;
}

/** What reading says, and that it says it before it takes any time or memory. */
async function refusal(folder: string): Promise<string> {
  const memory = process.memoryUsage().rss;
  const error: unknown = await readManifest(folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'DuetError', code: 'model_failed' });
  expect(process.memoryUsage().rss - memory).toBeLessThan(300e6);
  const { message } = error as Error;
  expect(message.length).toBeLessThan(2_000);
  expect(message).toContain('manifest.json');
  return message;
}

test('the manifest that is changed here is good as it is', async () => {
  expect((await readManifest(await folderOf(text))).name).toBe('duet-nano');
});

test.each([
  ['decoder.layers', '1000000000'],
  ['decoder.layers', '-1'],
  ['decoder.layers', '0'],
  ['decoder.layers', '6.5'],
  ['decoder.vocabularySize', '2147483648'],
  ['decoder.maxContext', '1000000000000'],
  ['decoder.hiddenSize', '1e999'],
  ['decoder.headSize', '"64"'],
  ['decoder.keyValueHeads', 'null'],
  ['decoder.queryHeads', '1e15'],
  ['decoder.ropeTheta', '-1e999'],
  ['picture.side', '1000000'],
  ['picture.std', '[0, 0, 0]'],
  ['picture.mean', '[1e999, 0, 0]'],
  ['tokensPerFrame', '9007199254740991'],
  ['tokens.endsReply', `[${Array.from({ length: 1000 }, (_, id) => id).join()}]`],
  ['tokens.end', '-5'],
  ['name', JSON.stringify('x'.repeat(1_000_000))],
  ['systemPrompt', JSON.stringify('x'.repeat(1_000_000))],
  ['decoder', '[]'],
])('%s of %s is refused at once by its name', async (path, written) => {
  const [, field = path] = path.split('.');
  expect(await refusal(await folderWith(path, written))).toContain(field);
});

test.each([
  [
    'a cache that no memory holds',
    'decoder.headSize',
    '1024',
    'decoder.layers',
    '512',
    /cache takes \d+ numbers/,
  ],
  ['heads that do not divide', 'decoder.queryHeads', '5', 'decoder.keyValueHeads', '2', /no multiple of/],
  [
    'a context shorter than frames',
    'decoder.maxContext',
    '8',
    'tokensPerFrame',
    '4',
    /maxContext 8 is too short/,
  ],
  ['a token outside the vocabulary', 'tokens.start', '1792', 'tokens.end', '2', /token 1792 lies outside/],
])('%s is refused though each number is possible', async (_what, one, first, two, second, message) => {
  const manifest = JSON.parse(text) as { decoder: Record<string, unknown> };
  if (message.source.includes('cache')) manifest.decoder['keyValueHeads'] = 4;
  for (const [path, written] of [
    [one, first],
    [two, second],
  ] as const) {
    const [section = '', field] = path.split('.');
    const owner = (field === undefined ? manifest : manifest[section as 'decoder']) as Record<
      string,
      unknown
    >;
    owner[field ?? section] = Number(written);
  }
  expect(await refusal(await folderOf(JSON.stringify(manifest)))).toMatch(message);
});

const listed = { bytes: 1, sha256: '0'.repeat(64) };
const { files } = JSON.parse(text) as { files: object };

test.each([
  ['../secret'],
  ['..'],
  ['/etc/passwd'],
  ['C:\\secret'],
  ['a/b'],
  ['a\u0000b'],
  ['x'.repeat(100_000)],
])('a file named %j is refused, also by the inspection', async (name) => {
  const folder = await folderWith('files', JSON.stringify({ ...files, [name]: listed }));
  expect(await refusal(folder)).toMatch(/not a plain file name/);
  await expect(inspectModel(folder)).rejects.toMatchObject({ code: 'model_failed' });
});

test('a hundred thousand files are refused', async () => {
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, listed]));
  expect(await refusal(await folderWith('files', JSON.stringify({ ...files, ...many })))).toMatch(
    /lists 1000\d\d files/,
  );
});

test('a thousand faults are not all told', async () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, null]));
  expect(await refusal(await folderWith('files', JSON.stringify(many)))).toMatch(/and \d+ more/);
});

test('a manifest of a gigabyte is not read', async () => {
  const folder = await folderOf('{}');
  await truncate(join(folder, 'manifest.json'), 1e9);
  expect(await refusal(folder)).toMatch(/has 1000000000 bytes, and at most/);
});

test('a manifest nested a million deep is refused', async () => {
  expect(await refusal(await folderOf('['.repeat(1_000_000)))).toContain('JSON');
  expect(await refusal(await folderOf('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)))).toContain(
    'manifest',
  );
});

test('a folder, and a device that never ends, are no manifests', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'manifest.json'));
  expect(await refusal(folder)).toMatch(/not a regular file|EISDIR/);
  if (process.platform === 'win32') return;
  await rm(join(folder, 'manifest.json'), { recursive: true });
  await symlink('/dev/zero', join(folder, 'manifest.json'));
  expect(await refusal(folder)).toMatch(/not a regular file/);
});

test.skipIf(process.platform === 'win32')('a named pipe does not hold the reader up', async () => {
  const folder = await temporaryFolder();
  await promisify(execFile)('mkfifo', [join(folder, 'manifest.json')]);
  expect(await refusal(folder)).toMatch(/not a regular file/);
});

test('a list of models names what is wrong with each broken one', async () => {
  const folder = await folderWith('decoder.layers', '1e9');
  onTestFinished(() => undefined);
  const [model] = await listModels([folder, dirname(nano)]).then((all) =>
    all.filter(({ type }) => type === 'broken'),
  );
  expect(model).toMatchObject({ path: folder });
});
