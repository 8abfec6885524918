import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecord } from '../../server/records/read-record.js';
import { RecordStore } from '../../server/records/record-store.js';
import { recordedLines } from '../../server/records/recorded-lines.js';
import { temporaryFolder } from '../transport/test-server.js';
import { openRecorded, openStore, roomyLimits } from './recorded-session.js';

const most = 2 * 1024 * 1024;

async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'lines');
  await writeFile(path, text);
  return path;
}

async function linesOf(...args: Parameters<typeof recordedLines>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of recordedLines(...args)) lines.push(line);
  return lines;
}

test.each([
  ['as long as allowed', [most], [most], 0],
  ['a byte longer', [most + 1], [], 1],
  ['between others', [3, most + 1, 4], [3, 4], 1],
  ['thirty times as long', [5, 30 * most, 6], [5, 6], 1],
  ['one behind the other', [most + 1, 2 * most, 7], [7], 2],
])(
  'a line %s is left out if it is too long, and what follows it is read',
  async (_what, written, read, told) => {
    const path = await fileOf(written.map((length) => `${'x'.repeat(length)}\n`).join(''));
    const heard: string[] = [];
    const lines = await linesOf(path, { onTooLong: (file) => heard.push(file) });
    expect(lines.map(({ length }) => length)).toEqual(read);
    expect(heard).toEqual(Array.from({ length: told }, () => path));
  },
);

test('a part of a file is read from one byte up to another', async () => {
  expect(await linesOf(await fileOf('one\ntwo\nthree\nfour\n'), { from: 4, upTo: 14 })).toEqual([
    'two',
    'three',
  ]);
});

test('a line of a record that is too long is told once, and hides nothing else', async () => {
  const folder = await temporaryFolder();
  await (await openRecorded(await openStore(folder), 'a')).close('test');
  const path = join(folder, 'a', 'events-000000000001.jsonl');
  const [header, opened, ...rest] = (await readFile(path, 'utf8')).split('\n');
  await writeFile(path, [header, opened, 'x'.repeat(3 * most), ...rest.slice(0, -2), ''].join('\n'));
  const logged: string[] = [];
  const log = (line: string): unknown => logged.push(line);
  await using store = await RecordStore.open({ folder, limits: roomyLimits, log });
  const types = async (events: ReturnType<typeof store.events>): Promise<string[]> => {
    const read: string[] = [];
    for await (const { type } of events) read.push(type);
    return read;
  };
  expect(await types(store.events('a'))).toEqual(['session.opened', 'session.closed']);
  expect(await store.find('a')).toMatchObject({ notes: { state: { lastSeq: 2, closed: 'test' } } });
  const line = `A line of ${path} is longer than 2 MiB, as Duet writes none, and is left out: see who else writes there`;
  expect(logged).toEqual([line]);
  const heard: string[] = [];
  const replayed = await readRecord(path, (file) => heard.push(file));
  expect(await types(replayed.events)).toEqual(['session.opened', 'session.closed']);
  expect(heard).toEqual([path]);
});

test('a torn last line is cut off whole, however long it is', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  await (await openRecorded(store, 'a')).close('test');
  const path = join(folder, 'a', 'events-000000000001.jsonl');
  const whole = await readFile(path, 'utf8');
  await appendFile(path, 'x'.repeat(3 * most));
  const found = await store.find('a');
  expect(found?.notes.state.closed).toBe('test');
  if (!found) return;
  const archive = store.resume(found);
  archive.note({ acknowledged: 2 });
  await archive.close();
  const text = await readFile(path, 'utf8');
  expect(text.startsWith(whole)).toBe(true);
  expect(text).not.toContain('x'.repeat(99));
  expect(await store.find('a')).toMatchObject({ notes: { acknowledged: 2 } });
});
