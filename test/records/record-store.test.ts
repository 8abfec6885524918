import { execFile } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readRecord } from '../../server/records/read-record.js';
import { expiredRecords } from '../../server/records/retention.js';
import { noNotes } from '../../server/records/record-line.js';
import type { StoredRecord } from '../../server/records/stored-record.js';
import { temporaryFolder } from '../transport/test-server.js';
import { openRecorded, openStore, roomyLimits } from './recorded-session.js';

function record(id: string, openedAt: number, bytes: number, isOpen = false): StoredRecord {
  return { identity: { id, owner: null, openedAt }, notes: noNotes, bytes, isOpen };
}

test.each([
  ['nothing while it fits', {}, []],
  ['what ended too long ago', { keepMs: 750 }, ['a', 'b']],
  ['what ended first until the rest fits', { totalBytes: 25 }, ['a', 'b']],
  ['never an open one', { totalBytes: 1 }, ['a', 'b', 'd']],
])('deletes %s', (_what, limits, deleted) => {
  const records = [
    record('d', 400, 10),
    record('a', 100, 10),
    record('c', 300, 10, true),
    record('b', 200, 10),
  ];
  const expired = expiredRecords(records, { ...roomyLimits, ...limits }, 1000);
  expect(expired.map(({ identity }) => identity.id)).toEqual(deleted);
});

test('sessions are listed after a restart, the newest first, and those that were never closed too', async () => {
  const folder = await temporaryFolder();
  const first = await openStore(folder);
  await (await openRecorded(first, 'ended')).close('client_request');
  const lost = await openRecorded(first, 'lost');
  await expect.poll(() => first.opened('lost')?.notes.state.lastSeq).toBe(1);
  const image = join(await temporaryFolder(), 'image');
  await cp(folder, image, { recursive: true, filter: (path) => !/server-/.test(path) });
  await lost.close('test');
  const second = await openStore(image);
  const listed = await second.list();
  expect(listed.map(({ identity, notes, isOpen }) => [identity.id, notes.state.closed, isOpen])).toEqual([
    ['lost', null, false],
    ['ended', 'client_request', false],
  ]);
});

test.runIf(process.platform !== 'win32')('what only looks like a record is none', async () => {
  const folder = await temporaryFolder();
  const name = 'events-000000000001.jsonl';
  const strange: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    pipe: (path) => promisify(execFile)('mkfifo', [path]),
    folder: (path) => mkdir(path),
    circle: (path) => symlink('.', path),
    device: (path) => symlink('/dev/zero', path),
  };
  for (const [id, make] of Object.entries(strange)) {
    await mkdir(join(folder, id));
    await make(join(folder, id, name));
    await expect(readRecord(join(folder, id))).rejects.toMatchObject({ code: 'not_found' });
  }
  const store = await openStore(folder);
  expect(await Promise.all(Object.keys(strange).map((id) => store.find(id)))).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('a session that another server has open is left alone until that server is gone', async () => {
  const folder = await temporaryFolder();
  const one = await openStore(folder);
  const other = await openStore(folder, { totalBytes: 1 });
  const session = await openRecorded(one, 'a');
  await expect.poll(() => one.opened('a')?.notes.state.lastSeq).toBe(1);
  expect(await other.find('a')).toMatchObject({ isOpen: true });
  await other.sweep();
  await expect(other.delete('a')).rejects.toThrow('is open');
  const found = await other.find('a');
  if (found) expect(() => other.resume(found)).toThrow('open in another server');
  await session.close('test');
  await other.sweep();
  expect(await readdir(folder)).not.toContain('a');
});

test('a torn last line is ignored, and cut off when the session goes on', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  const session = await openRecorded(store, 'a');
  session.update({ cooldown: 3 });
  await session.close('test');
  const path = join(folder, 'a', 'events-000000000001.jsonl');
  const whole = await readFile(path, 'utf8');
  await writeFile(path, whole.split('\n').slice(0, 3).join('\n') + '\n{"type":"session.upd');
  const found = await store.find('a');
  expect(found?.notes.state).toMatchObject({ lastSeq: 2, closed: null, settings: { cooldown: 3 } });
  if (!found) return;
  const archive = store.resume(found);
  archive.note({ acknowledged: 2 });
  await archive.close();
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    ...['record.header', 'session.opened', 'session.updated', 'record.note', 'record.header'],
  ]);
  expect(await store.find('a')).toMatchObject({ notes: { acknowledged: 2, state: { lastSeq: 2 } } });
});

test('a record of a later version is refused by name, and hides no other', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  for (const id of ['a', 'b']) await (await openRecorded(store, id)).close('test');
  const path = join(folder, 'a', 'events-000000000001.jsonl');
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"version":1', '"version":2'));
  await expect(store.find('a')).rejects.toThrow('format version 2, and this Duet reads up to 1');
  expect((await store.list()).map(({ identity }) => identity.id)).toEqual(['b']);
});

test('what a record says is read again only once it has changed', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  await (await openRecorded(store, 'a')).close('test');
  const path = join(folder, 'a', 'events-000000000001.jsonl');
  const { length } = await readFile(path);
  await utimes(path, 1000, 1000);
  const listed = await store.list();
  expect(listed).toMatchObject([{ identity: { id: 'a' }, notes: { state: { closed: 'test' } } }]);
  await writeFile(path, '-'.repeat(length));
  await utimes(path, 1000, 1000);
  expect(await store.list()).toEqual(listed);
  await utimes(path, 2000, 2000);
  expect(await store.list()).toEqual([]);
});

test('damaged lines and files cost only themselves', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  for (const id of ['a', 'b', 'c']) await (await openRecorded(store, id)).close('test');
  await appendFile(join(folder, 'a', 'events-000000000001.jsonl'), '\u0000\u0000garbage\n[1]\n');
  await truncate(join(folder, 'b', 'events-000000000001.jsonl'));
  expect((await store.list()).map(({ identity }) => identity.id).sort()).toEqual(['a', 'c']);
});

test.each(['../a', 'a/b', '', '.', 'server-0123abcd', 'x'.repeat(65)])('%j names no record', async (id) => {
  const store = await openStore(await temporaryFolder());
  expect(await store.find(id)).toBeNull();
});
