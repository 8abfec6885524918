import { expect, test } from 'vitest';
import { openStore } from '../../records/recorded-session.js';
import { StreamReader } from '../../support/event-stream.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { RawRequest } from '../raw-request.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../test-server.js';

/** A server on which every sample is a video with replies to its second, fourth and fifth frame. */
async function startTalking(options: TestServerOptions = {}) {
  const stream = (): FakeStream => new FakeStream(fakeFrames([10, 90, 20, 80, 70]));
  return startTestServer({ stream, mayListSessions: true, ...options });
}

async function play(client: TestClient): Promise<void> {
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
}

function streamOf(url: string, key: string, query = ''): string {
  return `${url}/v1/sessions/${key}/stream${query}`;
}

async function shareOf(client: TestClient): Promise<string> {
  client.send({ type: 'session.share' });
  return (await client.next('session.shared')).token;
}

function repliesTo(client: TestClient) {
  return client.received.filter((message) => message.type === 'response.done');
}

/** The same as the wire says it, without what is only of this stream. */
function withoutId({ id, ...event }: { readonly id: string }): object {
  expect(id).toMatch(/^followed-[0-9a-f]{16}:\d+$/);
  return event;
}

test.each(['recorded', 'not recorded'])('a session that is %s is streamed as it happens', async (kept) => {
  const records = kept === 'recorded' ? await openStore(await temporaryFolder()) : null;
  const { url } = await startTalking({ records });
  const client = await TestClient.open(url);
  const reader = await StreamReader.open(streamOf(url, client.sessionId));
  expect(reader.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(reader.response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(await reader.next()).toMatchObject({ type: 'session.opened', session_id: client.sessionId });
  client.send({ type: 'user.text', text: 'Two\nlines: "héllo"\r\n\r\ndata: x' });
  await play(client);
  client.send({ type: 'session.close' });
  await client.closed;
  const rest = await reader.rest();
  expect(rest.map(withoutId)).toEqual(client.received.slice(1));
  const last = rest.at(-1)?.id ?? '';
  if (kept === 'recorded') {
    expect((await StreamReader.open(streamOf(url, client.sessionId), last)).response.status).toBe(204);
    const replies = streamOf(url, client.sessionId, '?types=response.done');
    const [, , third] = await (await StreamReader.open(replies)).rest();
    expect((await StreamReader.open(replies, third?.id)).response.status).toBe(204);
  }
});

test('a reader that comes back misses nothing and hears nothing twice', async () => {
  const { url } = await startTalking();
  const client = await TestClient.open(url);
  await play(client);
  const all = client.received;
  const first = await StreamReader.open(streamOf(url, client.sessionId));
  const heard = await first.take(7);
  await first[Symbol.asyncDispose]();
  const again = await StreamReader.open(streamOf(url, client.sessionId, '?last=1'), heard.at(-1)?.id);
  const rest = await again.take(all.length - 7);
  expect([...heard, ...rest].map(withoutId)).toEqual(all);
  for (const [query, id] of [
    ['', '7'],
    ['?after=7', 'another server:3'],
  ] as const) {
    const other = await StreamReader.open(streamOf(url, client.sessionId, query), id);
    expect(await other.next()).toMatchObject({ seq: 8 });
  }
});

test('a reader chooses types of events, the newest few, and replies to some questions', async () => {
  const { url } = await startTalking();
  const client = await TestClient.open(url);
  client.send({ type: 'question.add', text: 'What?', id: 'what' });
  await client.next('question.added');
  await play(client);
  const replies = repliesTo(client);
  expect(replies).toHaveLength(3);
  const types = 'types=response.done,question.added';
  const begins = async (query: string, count: number) => {
    const reader = await StreamReader.open(streamOf(url, client.sessionId, query));
    return (await reader.take(count)).map(withoutId);
  };
  const added = client.received.filter(({ type }) => type === 'question.added');
  expect(await begins(`?${types}`, 4)).toEqual([...added, ...replies]);
  expect(await begins(`?${types}&last=2`, 2)).toEqual(replies.slice(1));
  const withQuestions = async (query: string, count: number) => {
    const reader = await StreamReader.open(streamOf(url, client.sessionId, query));
    const [questions, ...events] = await reader.take(count + 1);
    return { questions, events: events.map(withoutId) };
  };
  for (const chosen of ['what', 'WHAT%3F', 'wha'].map((name) => `questions=${name}`)) {
    const { questions, events } = await withQuestions(`?${types}&${chosen}`, 4);
    expect(questions).toEqual({ type: 'questions', unknown: [], asked: ['What?'], id: '' });
    expect(events).toEqual([...added, ...replies]);
    expect((await withQuestions(`?${types}&${chosen}&last=2`, 2)).events).toEqual(replies.slice(1));
  }
  const none = await StreamReader.open(
    streamOf(url, client.sessionId, '?types=response.done,user.text.inserted&questions=other,now'),
  );
  expect(await none.next()).toMatchObject({ type: 'questions', unknown: ['other,now'], asked: ['What?'] });
  const now = await StreamReader.open(streamOf(url, client.sessionId, '?last=0'));
  client.send({ type: 'user.text', text: 'Now.' });
  const said = { type: 'user.text.inserted', text: 'Now.' };
  expect(await now.next()).toMatchObject(said);
  expect(await none.take(3)).toMatchObject([
    { type: 'user.text.inserted', text: 'What?' },
    { type: 'questions', unknown: ['other'], asked: ['What?', 'Now.'] },
    said,
  ]);
  const subtitles = ['wha', 'other'].map((name) =>
    fetch(`${url}/v1/sessions/${client.sessionId}/live.vtt?user=0&questions=${name}`),
  );
  const [some, nothing] = await Promise.all(subtitles);
  client.send({ type: 'session.close' });
  expect((await some?.text())?.match(/-->/g)).toHaveLength(3);
  expect(await nothing?.text()).toBe(
    'WEBVTT\n\nNOTE No question of this session is, or begins with, "other"\n\n',
  );
});

const badQueries: readonly (readonly [name: string, query: string])[] = [
  ...['after=x', 'last=-1', 'last=1001', 'types=response', 'types='].map((query) => [query, query] as const),
  ['questions, too often', '&questions=a'.repeat(21).slice(1)],
  ['questions, too many', `questions=${'a,'.repeat(50)}a`],
  ['questions, too long', `questions=${'a'.repeat(2001)}`],
];

test.each(badQueries)('?%s is refused by name', async (_name, query) => {
  const { url } = await startTalking();
  const { sessionId } = await TestClient.open(url);
  const response = await fetch(streamOf(url, sessionId, `?${query}`));
  expect(response.status).toBe(400);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toMatch(new RegExp(`^The parameter ${/^\w+/.exec(query)?.[0] ?? ''} is not valid`));
});

test('a token reads without ever learning the id, until it is taken back', async () => {
  const { url } = await startTalking({ records: await openStore(await temporaryFolder()) });
  const client = await TestClient.open(url);
  const token = await shareOf(client);
  const reader = await StreamReader.open(streamOf(url, token));
  await play(client);
  client.send({ type: 'session.unshare' });
  const heard = await reader.rest();
  expect(heard.map(({ type }) => type)).toContain('source.ended');
  expect(JSON.stringify(heard)).not.toContain(client.sessionId);
  expect((await fetch(streamOf(url, token))).status).toBe(404);
  expect((await fetch(streamOf(url, 'follow_unknown'))).status).toBe(404);
});

test('the session of another owner is not there', async () => {
  const owners = { one: 'one', other: 'other' } as const;
  const authenticate: NonNullable<TestServerOptions['access']>['authenticate'] = ({ url = '' }) =>
    url.includes('other') ? owners.other : owners.one;
  const { url } = await startTalking({ access: { allowOrigins: [], allowHosts: [], authenticate } });
  const { sessionId } = await TestClient.open(url);
  expect((await fetch(streamOf(url, sessionId, '?other'))).status).toBe(404);
  expect((await fetch(`${url}/v1/sessions/${sessionId}/live.vtt?other`)).status).toBe(404);
  expect((await fetch(`${url}/v1/sessions/latest/live.vtt?other`)).status).toBe(404);
  expect((await StreamReader.open(streamOf(url, 'latest'))).response.status).toBe(200);
});

test('latest is whatever session is the newest: it is waited for, left for a newer one, and returned to', async () => {
  const { url } = await startTalking({ maxSessions: 3 });
  const address = streamOf(url, 'latest', '?types=session.opened,response.done,user.text.inserted&last=1');
  const reader = await StreamReader.open(address);
  const one = await TestClient.open(url);
  expect(await reader.next()).toMatchObject({ type: 'session.opened', session_id: one.sessionId });
  await play(one);
  await reader.take(3);
  const two = await TestClient.open(url);
  expect(await reader.next()).toMatchObject({ type: 'session.opened', session_id: two.sessionId });
  await play(two);
  const [place] = (await reader.take(3)).map(({ id }) => id);
  two.send({ type: 'session.close' });
  await two.closed;
  one.send({ type: 'user.text', text: 'Still here.' });
  expect(await reader.next()).toMatchObject({ text: 'Still here.' });
  const three = await TestClient.open(url);
  await play(three);
  // Where it was in another session says nothing about this one.
  const back = await StreamReader.open(address, place);
  expect(await back.next()).toMatchObject({ type: 'response.done', seq: repliesTo(three).at(-1)?.seq });
});

test('latest is told to nobody who may not list the sessions', async () => {
  const { url } = await startTalking();
  await TestClient.open(url);
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  for (const path of ['stream', 'live.vtt']) {
    const response = await fetch(`${url}/v1/sessions/latest/${path}`, { headers });
    expect(response.status).toBe(403);
  }
  const closed = await startTalking({ mayListSessions: false });
  expect((await fetch(streamOf(closed.url, 'latest'))).status).toBe(403);
});

test('there are only so many readers, and one that has gone leaves its place', async () => {
  const { url } = await startTalking({ limits: { maxFollowers: 1 } });
  const client = await TestClient.open(url);
  const token = await shareOf(client);
  const reader = await StreamReader.open(streamOf(url, 'latest'));
  expect(await reader.next()).toMatchObject({ type: 'session.opened' });
  const refused = await fetch(`${url}/v1/sessions/${token}/live.vtt`);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  const follower = await TestClient.connect(url);
  follower.send({ type: 'session.follow', token });
  expect(await follower.next('error')).toMatchObject({ code: 'busy' });
  await reader[Symbol.asyncDispose]();
  const status = async (): Promise<number> => {
    await using other = await StreamReader.open(streamOf(url, token));
    return other.response.status;
  };
  await expect.poll(status, { timeout: 20_000 }).toBe(200);
});

test('a reader that does not read keeps nobody waiting, and loses nothing', async () => {
  const values = Array.from({ length: 3000 }, (_, index) => index % 40);
  const records = await openStore(await temporaryFolder());
  const { url } = await startTalking({ records, stream: () => new FakeStream(fakeFrames(values)) });
  const client = await TestClient.open(url);
  const reader = await StreamReader.open(streamOf(url, client.sessionId));
  await play(client);
  client.send({ type: 'session.close' });
  await client.closed;
  const seqs = (await reader.rest()).map(({ seq }) => seq);
  expect(seqs.length).toBeGreaterThan(3000);
  expect(seqs).toEqual(Array.from(seqs, (_, index) => index + 1));
});

test('subtitles grow with what is said, and end where another source begins', async () => {
  const { stream, release } = heldVideo();
  const streams = [stream, new FakeStream([])];
  const { url } = await startTalking({ stream: () => streams.shift() ?? new FakeStream([]) });
  const client = await TestClient.open(url);
  const response = await fetch(`${url}/v1/sessions/latest/live.vtt`);
  expect(response.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('WEBVTT\n\n');
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('frame.scored');
  client.send({ type: 'user.text', text: '<b>now</b> --> then?' });
  client.send({ type: 'ping' });
  await client.next('pong');
  release();
  const { video_time } = await client.next('user.text.inserted');
  const times = [video_time, video_time + 2].map((time) => `00:00:0${time.toFixed(3)}`).join(' --> ');
  const cue = `${times}\n<v You>&lt;b&gt;now&lt;/b&gt; -&gt; then?\n\n`;
  expect((await reader?.read())?.value).toBe(cue);
  const without = await fetch(`${url}/v1/sessions/${client.sessionId}/live.vtt?user=0`);
  await client.next('source.ended');
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.opened');
  expect((await reader?.read())?.done).toBe(true);
  expect(await without.text()).toBe('WEBVTT\n\n');
});

test('HEAD of what grows has its headers, and holds neither the connection nor a place', async () => {
  const { url } = await startTalking({ limits: { maxFollowers: 1 } });
  const client = await TestClient.open(url);
  const request = new RawRequest(url);
  for (const path of ['stream', 'live.vtt', 'stream'])
    request.socket.write(`HEAD /v1/sessions/${client.sessionId}/${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  request.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const received = await request.ended;
  expect(received.match(/^HTTP.*|^Content-Type: .*/gm)?.map((line) => line.trim())).toEqual([
    ...['HTTP/1.1 200 OK', 'Content-Type: text/event-stream; charset=utf-8'],
    ...['HTTP/1.1 200 OK', 'Content-Type: text/vtt; charset=utf-8'],
    ...['HTTP/1.1 200 OK', 'Content-Type: text/event-stream; charset=utf-8'],
    ...['HTTP/1.1 200 OK', 'Content-Type: application/json; charset=utf-8'],
  ]);
});
