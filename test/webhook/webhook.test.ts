import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import type { EventLog } from '../../server/duet/record/event-log.js';
import type { Picture } from '../../server/video/frame.js';
import { MessageQueue } from '../../server/webhook/message-queue.js';
import { Webhook, type WebhookOptions } from '../../server/webhook/webhook.js';
import { openStore } from '../records/recorded-session.js';
import { modelByBrightness } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { TestClient } from '../transport/test-client.js';
import { startTestServer, temporaryFolder } from '../transport/test-server.js';
import { Receiver, secret } from './receiver.js';

const rules = { allowPrivate: true };

async function openWebhook(options: Partial<WebhookOptions> & { url: string }): Promise<Webhook> {
  const folder = options.folder ?? (await temporaryFolder());
  const quick = { firstPauseMs: 10, longestPauseMs: 50, log: () => undefined, recorded: () => noEvents };
  const webhook = await Webhook.open({ secret, rules, ...quick, ...options, folder });
  onTestFinished(() => webhook[Symbol.asyncDispose]());
  return webhook;
}

const noEvents = Readable.from([]);

/** Plays a source in which something is said after every frame, and resolves with what was said. */
async function talk(
  webhook: Pick<Webhook, 'follow'>,
  replies: readonly string[],
): ReturnType<typeof TestClient.open> {
  const stream = (): FakeStream => new FakeStream(fakeFrames(replies.map(() => 90)));
  const { url } = await startTestServer({
    ...{ model: modelByBrightness({ replies: [...replies] }), stream },
    onSession: (session) => {
      webhook.follow(session);
    },
  });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  return client;
}

/** Follows sessions as a webhook does, and keeps the record of the last one. */
function record(webhook: Webhook): Pick<Webhook, 'follow'> & { events: WebhookOptions['recorded'] } {
  let log: EventLog | null = null;
  return {
    follow: (session) => {
      webhook.follow(session);
      ({ log } = session);
    },
    events: () => log?.history() ?? noEvents,
  };
}

/** The files of the messages that wait, the oldest first. */
async function messagesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
}

const many = Array.from({ length: 12 }, (_, index) => `reply number ${index}`);

test('every reply is told once, signed, in order, with its time and picture', async () => {
  const receiver = await Receiver.open();
  const client = await talk(await openWebhook({ url: receiver.url }), many);
  await receiver.has(many.length);
  const told = receiver.received.map(({ body }) => body.data);
  expect(told.map(({ text }) => text)).toEqual(many);
  expect(receiver.received[0]).toMatchObject({
    id: expect.stringMatching(new RegExp(`^msg_${client.sessionId}_\\d+$`)) as string,
    body: {
      type: 'duet.reply',
      data: {
        ...{
          session_id: client.sessionId,
          source: 'sample:any',
          video_time: 0,
          question_id: null,
          unsure: false,
        },
        picture: { media_type: 'image/jpeg', base64: expect.stringMatching(/^\/9j\//) as string },
      },
    },
  });
});

/** A picture in which nothing is even, so that it makes the largest JPEG. */
function noise(width: number, height: number): Picture {
  let state = 1;
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (state * 48271) % 2147483647;
    return state & 255;
  });
  return { width, height, rgb };
}

test.each([
  ['even', { width: 960, height: 540, rgb: new Uint8Array(960 * 540 * 3).fill(120) }, 640],
  ['that takes more than 64 KiB', noise(640, 640), 320],
])('a message has the larger picture of a moment, one %s as wide as fits', async (_, larger, width) => {
  const receiver = await Receiver.open();
  const webhook = await openWebhook({ url: receiver.url });
  const detail = (): Promise<Picture> => Promise.resolve(larger);
  const frames = fakeFrames([10, 90]).map((frame) => (frame.index === 0 ? { ...frame, detail } : frame));
  const { url } = await startTestServer({
    stream: () => new FakeStream(frames),
    onSession: (session) => {
      webhook.follow(session);
    },
  });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await receiver.has(1);
  const { picture } = receiver.received[0]?.body.data as { picture: { video_time: number; base64: string } };
  const jpeg = Buffer.from(picture.base64, 'base64');
  expect(jpeg.length).toBeLessThanOrEqual(64 * 1024);
  expect([picture.video_time, (await sharp(jpeg).metadata()).width]).toEqual([0, width]);
});

test('a receiver that is down, and fails, loses nothing and sees no message under a second id', async () => {
  const receiver = await Receiver.open();
  await receiver.down();
  const webhook = await openWebhook({ url: receiver.url });
  await talk(webhook, many);
  await expect.poll(() => webhook.waiting, { timeout: 30_000 }).toBe(many.length);
  let failures = 0;
  const attempted = new Map<string, Set<string>>();
  receiver.answer = ({ id, body }) => {
    const text = String(body.data['text']);
    attempted.set(text, new Set([...(attempted.get(text) ?? []), id]));
    failures += 1;
    return { status: failures % 3 === 0 ? 204 : 503 };
  };
  await receiver.up();
  await receiver.has(many.length);
  expect(receiver.received.map(({ body }) => body.data['text'])).toEqual(many);
  expect([...attempted.values()].map((ids) => ids.size)).toEqual(many.map(() => 1));
});

test('what waits when a server ends is told by the next one, under the same ids', async () => {
  const receiver = await Receiver.open();
  await receiver.down();
  const folder = await temporaryFolder();
  const first = await openWebhook({ url: receiver.url, folder });
  await talk(first, many);
  await first[Symbol.asyncDispose]();
  expect(await messagesIn(folder)).toHaveLength(many.length);
  await receiver.up();
  await openWebhook({ url: receiver.url, folder });
  await receiver.has(many.length);
  expect(receiver.received.map(({ body }) => body.data['text'])).toEqual(many);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(many.length);
  await expect.poll(() => messagesIn(folder), { timeout: 30_000 }).toEqual([]);
  expect(await readdir(join(folder, 'followed'))).toEqual([]);
});

test('what a server that was killed had recorded, but not yet kept to be told, is told by the next one', async () => {
  const receiver = await Receiver.open();
  await receiver.down();
  const folder = await temporaryFolder();
  const first = await openWebhook({ url: receiver.url, folder });
  const recording = record(first);
  const { sessionId: id } = await talk(recording, many);
  await expect.poll(() => first.waiting, { timeout: 30_000 }).toBe(many.length);
  const mark = join(folder, 'followed', id);
  await first[Symbol.asyncDispose]();
  // The last three messages were never put there, and of the one before them the mark was not moved.
  const files = await messagesIn(folder);
  for (const file of files.slice(-3)) await rm(join(folder, file));
  const seqs = [];
  for await (const event of recording.events(id)) if (event.type === 'response.done') seqs.push(event.seq);
  await writeFile(mark, String(seqs.at(-5)));
  await receiver.up();
  await openWebhook({ url: receiver.url, folder, recorded: recording.events });
  await receiver.has(many.length);
  expect(receiver.received.map(({ body }) => body.data['text'])).toEqual(many);
  expect(receiver.received.map(({ id: name }) => name)).toEqual(seqs.map((seq) => `msg_${id}_${seq}`));
  await expect(readFile(mark)).rejects.toThrow('ENOENT');
});

test('what cannot be kept on disk is told once it can, also of a session that was opened again meanwhile', async () => {
  const receiver = await Receiver.open();
  const folder = await temporaryFolder();
  const lines: string[] = [];
  const webhook = await openWebhook({ url: receiver.url, folder, log: (line) => lines.push(line) });
  const { url } = await startTestServer({
    ...{
      model: modelByBrightness({ replies: [...many] }),
      stream: () => new FakeStream(fakeFrames([90, 90])),
    },
    ...{ records: await openStore(await temporaryFolder()), graceMs: 50 },
    onSession: (session) => {
      webhook.follow(session);
    },
  });
  // No file can be written under the name of a folder.
  await mkdir(join(folder, 'unfinished'));
  const first = await TestClient.open(url);
  first.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await first.next('source.ended');
  first.socket.terminate();
  const isOver = async (): Promise<string> => {
    const response = await fetch(`${url}/v1/sessions/${first.sessionId}`);
    return ((await response.json()) as { status: string }).status;
  };
  await expect.poll(isOver, { timeout: 30_000 }).toBe('ended');
  const again = await TestClient.connect(url);
  again.send({ type: 'session.resume', session_id: first.sessionId, after_seq: 0 });
  await again.next('session.reopened');
  again.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await again.next('source.ended');
  const done = again.received.filter(({ type }) => type === 'response.done');
  expect([done.length, receiver.received.length]).toEqual([4, 0]);
  await rmdir(join(folder, 'unfinished'));
  await receiver.has(done.length);
  const ids = done.map((event) => `msg_${first.sessionId}_${'seq' in event ? event.seq : 0}`);
  expect(receiver.received.map(({ id }) => id)).toEqual(ids);
  expect(lines).toHaveLength(1);
});

test('what cannot be kept on disk is told by the next server, from the record', async () => {
  const receiver = await Receiver.open();
  const folder = await temporaryFolder();
  const lines: string[] = [];
  const first = await openWebhook({ url: receiver.url, folder, log: (line) => lines.push(line) });
  // No file can be written under the name of a folder.
  await mkdir(join(folder, 'unfinished'));
  const recording = record(first);
  await talk(recording, many);
  await first[Symbol.asyncDispose]();
  expect(lines[0]).toMatch(/^msg_\S+ cannot be kept for the webhook, and is tried again$/);
  await rmdir(join(folder, 'unfinished'));
  await openWebhook({ url: receiver.url, folder, recorded: recording.events });
  await receiver.has(many.length);
  expect(receiver.received.map(({ body }) => body.data['text'])).toEqual(many);
});

test('a message that is refused for good is given up, and holds up those of another question no longer than its own', async () => {
  const receiver = await Receiver.open();
  const folder = await temporaryFolder();
  const queue = await MessageQueue.open({ folder, maxMessages: 10, maxBytes: 1e6, log: () => undefined });
  for (const [id, lane] of [
    ['a1', 'a'],
    ['a2', 'a'],
    ['b1', 'b'],
  ] as const) {
    await queue.put({ id, lane, body: JSON.stringify({ type: 'duet.reply', data: { id } }) });
  }
  const log: string[] = [];
  receiver.answer = ({ id }) => ({ status: id === 'a1' ? 400 : 204 });
  await openWebhook({ url: receiver.url, folder, log: (line) => log.push(line) });
  await receiver.has(2);
  expect(receiver.received.map(({ id }) => id)).toEqual(['b1', 'a2']);
  expect(log).toEqual([
    'The webhook does not want a1, which is tried again: HTTP 400',
    'The webhook gives up a1: HTTP 400',
  ]);
});

test('beyond its limits the queue loses the oldest, and says so', async () => {
  const log: string[] = [];
  const folder = await temporaryFolder();
  const queue = await MessageQueue.open({
    folder,
    maxMessages: 2,
    maxBytes: 1e6,
    log: (line) => log.push(line),
  });
  for (const id of ['1', '2', '3']) await queue.put({ id, lane: id, body: '{}' });
  expect(queue.waiting.map(({ id }) => id)).toEqual(['2', '3']);
  expect(log).toEqual(['The queue of the webhook is full: 1 is lost']);
});

test.each([
  [
    'redirects',
    (other: Receiver) => ({ status: 307, headers: { location: other.url } }),
    rules,
    /redirections are not followed/,
  ],
  [
    'leads to this machine where that is not allowed',
    undefined,
    { allowPrivate: false },
    /does not lead to a public address/,
  ],
  [
    'has a name that now leads to this machine',
    undefined,
    { allowPrivate: false, resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) },
    /does not lead to a public address/,
  ],
])('a receiver that %s gets nothing', async (_, answer, allowed, reason) => {
  const [receiver, other] = [await Receiver.open(), await Receiver.open()];
  if (answer !== undefined) receiver.answer = () => answer(other);
  const log: string[] = [];
  const url = 'resolve' in allowed ? receiver.url.replace('127.0.0.1', 'receiver.example') : receiver.url;
  await talk(await openWebhook({ url, rules: allowed, log: (line) => log.push(line) }), ['a dog']);
  await expect.poll(() => log.join('\n'), { timeout: 30_000 }).toMatch(reason);
  expect([receiver.received, other.received]).toEqual([[], []]);
});

test.each([
  [{ url: 'ftp://example.org' }, /webhook is "ftp:\/\/example.org": expected an address/],
  [{ url: 'https://me:pass@example.org' }, /without a user name/],
  [{ url: 'https://example.org', secret: 'short' }, /set DUET_WEBHOOK_SECRET .* to whsec_/],
])('%j is refused', async (options, message) => {
  await expect(openWebhook(options)).rejects.toThrow(message);
});
