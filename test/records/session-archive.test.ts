import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SessionEvent } from '../../server/duet/record/events.js';
import { eventLine, eventOfLine } from '../../server/records/wire-event.js';
import { eventsOf } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { temporaryFolder } from '../transport/test-server.js';
import { openRecorded, openStore, watched } from './recorded-session.js';

async function allOf(events: AsyncIterable<SessionEvent>): Promise<SessionEvent[]> {
  const all: SessionEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('what a reader has seen is on disk, at every moment', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder);
  const session = await openRecorded(store, 'a');
  const checked = (async () => {
    for await (const event of session.log.read()) {
      const onDisk = await readFile(join(folder, 'a', 'events-000000000001.jsonl'), 'utf8');
      expect(onDisk.split('\n')).toContain(eventLine(event));
    }
  })();
  await session.watch(new FakeStream(fakeFrames([10, 90, 20])), watched);
  await session.close('test');
  await checked;
});

test('a record holds every event as it was sent, whoever reads it and when', async () => {
  const store = await openStore(await temporaryFolder());
  const session = await openRecorded(store, 'a');
  const seen = allOf(session.log.read());
  session.addUserText('{"type":"record.note"}\n\u2028 "quoted" 🎬');
  await session.watch(new FakeStream(fakeFrames([10, 90, 20])), watched);
  await session.close('test');
  const kept = await allOf(store.events('a'));
  expect(kept.map(eventLine)).toEqual((await seen).map(eventLine));
  expect(kept.at(-1)).toMatchObject({ type: 'session.closed', reason: 'test' });
  expect(await store.find('a')).toMatchObject({
    isOpen: false,
    notes: { state: { closed: 'test', frames: 3, replies: 1, lastSeq: kept.at(-1)?.seq } },
  });
});

test('events of types and fields that this version does not know come back as they were', () => {
  const line =
    '{"type":"question.added","seq":7,"video_time":1.5,"elapsed_ms":20.25,"question_id":"q1","rules":[{"least_score":0.4}]}';
  const event = eventOfLine(line);
  expect(event).not.toBeNull();
  if (event) expect(eventLine(event)).toBe(line);
});

test.each(['', '{', '[]', '{"type":"record.note","seq":1,"video_time":0,"elapsed_ms":0}', '{"type":"x"}'])(
  'the line %j is no event',
  (line) => {
    expect(eventOfLine(line)).toBeNull();
  },
);

test('a reader that is behind what memory holds gets the rest from disk, without a gap', async () => {
  const store = await openStore(await temporaryFolder(), { fileBytes: 300_000 });
  const session = await openRecorded(store, 'a');
  const reader = session.log.read({ after: 0 });
  for (let index = 0; index < 25_000; index += 1) {
    session.update({ cooldown: index % 7 });
    if (index % 500 === 0) await session.log.read({ after: index })[Symbol.asyncIterator]().next();
  }
  await session.close('test');
  expect(session.log.snapshot().length).toBeLessThanOrEqual(20_000);
  const seqs = (await allOf(reader)).map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from({ length: 25_002 }, (_, index) => index + 1));
});

test('a record that is too large loses its oldest files, and what is left can still be opened', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder, { fileBytes: 20_000, sessionBytes: 100_000 });
  const session = await openRecorded(store, 'a');
  for (let index = 0; index < 2000; index += 1) {
    session.update({ cooldown: index % 7 });
    if (index % 20 === 0) await session.log.read({ after: index })[Symbol.asyncIterator]().next();
  }
  await session.close('test');
  const files = await readdir(join(folder, 'a'));
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, 'a', file))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  const kept = await allOf(store.events('a'));
  expect(kept[0]?.seq).toBeGreaterThan(100);
  expect(kept.at(-1)?.seq).toBe(2002);
  expect((await store.find('a'))?.notes.state.model).toBe('fake');
});

test('only their user may read the files', async () => {
  const folder = await temporaryFolder();
  const session = await openRecorded(await openStore(join(folder, 'new')), 'a');
  await session.close('test');
  const modes = ['new', 'new/a', 'new/a/events-000000000001.jsonl'].map(async (path) => {
    return ((await stat(join(folder, path))).mode & 0o777).toString(8);
  });
  expect(await Promise.all(modes)).toEqual(['700', '700', '600']);
});

test.skipIf(process.platform !== 'linux')(
  'on a full disk the session goes on and says so; what waited is written when there is room',
  async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a', 'events-000000000001.jsonl');
    await mkdir(join(folder, 'a'));
    await symlink('/dev/full', path);
    const store = await openStore(folder);
    const session = await openRecorded(store, 'a');
    const reader = session.log.read();
    await session.watch(new FakeStream(fakeFrames([10, 90])), watched);
    await expect
      .poll(() => eventsOf(session, 'session.record.failed'))
      .toMatchObject([{ code: 'storage_full' }]);
    await rm(path);
    await expect
      .poll(() => eventsOf(session, 'session.record.recovered'), { timeout: 5000 })
      .toMatchObject([{ missedEvents: 0 }]);
    await session.close('test');
    expect(await allOf(store.events('a'))).toEqual(await allOf(reader));
  },
);

test('a folder that cannot be made costs no session either', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const store = await openStore(join(file, 'records'));
  const session = await openRecorded(store, 'a');
  const seen = allOf(session.log.read());
  await session.watch(new FakeStream(fakeFrames([10])), watched);
  await expect.poll(() => eventsOf(session, 'session.record.failed')).toHaveLength(1);
  await session.close('test');
  const types = (await seen).map(({ type }) => type);
  expect(types.at(-1)).toBe('session.closed');
});
