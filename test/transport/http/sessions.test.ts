import { expect, test } from 'vitest';
import { openStore } from '../../records/recorded-session.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../test-server.js';

async function endedSession(options: TestServerOptions = {}) {
  const records = await openStore(await temporaryFolder());
  const { url } = await startTestServer({
    ...{ records, mayListSessions: true, stream: () => new FakeStream(fakeFrames([10, 90])) },
    ...options,
  });
  const client = await TestClient.open(url);
  client.send({ type: 'user.text', text: '=What is "it"?' });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  client.send({ type: 'session.close' });
  await client.closed;
  const address = `${url}/v1/sessions/${client.sessionId}`;
  return { url, records, client, address };
}

test('an ended session is listed and read as while it was open', async () => {
  const { url, client, address } = await endedSession();
  const { data } = (await (await fetch(`${url}/v1/sessions`)).json()) as { data: unknown[] };
  const summary = {
    ...{ session_id: client.sessionId, model: 'fake', status: 'ended', reason: 'client_request' },
    ...{ frames: 2, replies: 1, video_time: 0.5, last_seq: client.seqs.at(-1) },
  };
  expect(data).toMatchObject([summary]);
  // Its context is let go of just after its client was told of the end.
  await expect
    .poll(async () => (await (await fetch(address)).json()) as unknown, { timeout: 10_000 })
    .toMatchObject({
      ...{ ...summary, settings: { cooldown: 0 }, memory: null },
      transcript: [{ role: 'user' }, { role: 'assistant', text: 'reply 0', status: 'completed' }],
    });
  const lines = (await (await fetch(`${address}/events`)).text()).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(client.received);
  const rest = (await (await fetch(`${address}/events?after=4`)).text()).trimEnd().split('\n');
  expect(rest).toEqual(lines.slice(4));
});

test.each([
  ['.srt', '*/*', 'application/x-subrip', '1\n00:00:00,000 --> 00:00:01,000\nYou: =What is "it"?\n'],
  ['.vtt', '*/*', 'text/vtt', 'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v You>=What is "it"?\n'],
  ['.csv', '*/*', 'text/csv', 'video_time,elapsed_ms,role,status,text\r\n0,'],
  ['', 'text/vtt', 'text/vtt', 'WEBVTT\n'],
  ['', 'text/csv, */*;q=0.1', 'text/csv', 'video_time,'],
  ['', '*/*', 'application/json', '{"transcript":[{"role":"user","video_time":0,'],
])('the transcript%s for %s is %s', async (ending, accept, type, beginning) => {
  const { address } = await endedSession();
  const response = await fetch(`${address}/transcript${ending}`, { headers: { accept } });
  expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  const text = await response.text();
  expect(text.slice(0, beginning.length)).toBe(beginning);
});

test('a cell of the CSV is no formula', async () => {
  const { address } = await endedSession();
  expect(await (await fetch(`${address}/transcript.csv`)).text()).toContain(`user,,"'=What is ""it""?"\r\n`);
});

test('a record is deleted when asked, but not under an open session', async () => {
  const { url, address } = await endedSession();
  expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(address)).status).toBe(404);
  const open = await TestClient.open(url);
  const refused = await fetch(`${url}/v1/sessions/${open.sessionId}`, { method: 'DELETE' });
  expect(refused.status).toBe(400);
});

test.each([
  ['transcript.doc', 404],
  ['events?after=x', 400],
  ['events?after=-1', 400],
])('/%s is refused with %i', async (path, status) => {
  const { address } = await endedSession();
  expect((await fetch(`${address}/${path}`)).status).toBe(status);
});

test.each(['limit=true', 'limit=', 'limit=1.5', 'limit=501', 'limit=1&limit=2'])(
  'a list with ?%s is refused in words',
  async (query) => {
    const { url } = await endedSession();
    const answer = await fetch(`${url}/v1/sessions?${query}`);
    const message = 'The parameter limit is not valid: must be a whole number from 1 to 500';
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { code: 'invalid_request', message } },
    ]);
  },
);

test('sessions are not listed to strangers: where others may be behind the port, or a proxy', async () => {
  const closed = await endedSession({ mayListSessions: false });
  expect((await fetch(`${closed.url}/v1/sessions`)).status).toBe(403);
  const { url } = await endedSession();
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  expect((await fetch(`${url}/v1/sessions`, { headers })).status).toBe(403);
});

test('a client that goes away in the middle of a record leaves nothing open', async () => {
  const { address, records } = await endedSession();
  const gone = new AbortController();
  const response = await fetch(`${address}/events`, { signal: gone.signal });
  gone.abort();
  await expect(response.text()).rejects.toThrow('abort');
  expect((await records.list()).length).toBe(1);
});

test('an open session tells what its context holds', async () => {
  const { url } = await startTestServer({ stream: () => new FakeStream(fakeFrames([1, 2, 3])) });
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' });
  await client.next('source.ended');
  const { memory } = (await (await fetch(`${url}/v1/sessions/${client.sessionId}`)).json()) as {
    memory: unknown;
  };
  // Five of markup, two words of the prompt, and four for each frame.
  expect(memory).toEqual({ tokens: 5 + 2 + 3 * 4, bytes: null, frames: 3, texts: 0 });
});

test('without records an open session is read as before, and an ended one is gone', async () => {
  const { address } = await endedSession({ records: null });
  expect((await fetch(address)).status).toBe(404);
});

interface ListedPage {
  readonly data: readonly { readonly session_id: string }[];
  readonly next_cursor: string | null;
}

/** All pages of the list, following the cursors, each as the ids in it. */
async function pagesOf(url: string, limit: number): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = (await (await fetch(`${url}/v1/sessions?limit=${limit}${after}`)).json()) as ListedPage;
    pages.push(page.data.map(({ session_id }) => session_id));
    cursor = page.next_cursor;
  } while (cursor !== null && pages.length < 20);
  return pages;
}

test.each(['recorded', 'not recorded'])(
  'sessions that are %s are listed by pages, each once',
  async (kept) => {
    const records = kept === 'recorded' ? await openStore(await temporaryFolder()) : null;
    const { url } = await startTestServer({ records, mayListSessions: true, maxSessions: 5 });
    const opened: string[] = [];
    for (let count = 0; count < 5; count += 1) opened.push((await TestClient.open(url)).sessionId);
    const newestFirst: unknown = kept === 'recorded' ? expect.arrayContaining(opened) : opened.toReversed();
    for (const [limit, sizes] of [
      [2, [2, 2, 1]],
      [5, [5]],
      [500, [5]],
    ] as const) {
      const pages = await pagesOf(url, limit);
      expect(pages.map(({ length }) => length)).toEqual(sizes);
      expect(pages.flat()).toEqual(newestFirst);
    }
  },
);

test('a session that is deleted between two pages moves none of the others', async () => {
  const { url, address } = await endedSession();
  const opened: string[] = [];
  for (let count = 0; count < 3; count += 1) opened.push((await TestClient.open(url)).sessionId);
  const first = (await (await fetch(`${url}/v1/sessions?limit=3`)).json()) as ListedPage;
  expect(first.data.map(({ session_id }) => session_id)).toEqual(expect.arrayContaining(opened));
  expect((await fetch(address, { method: 'DELETE' })).status).toBe(204);
  const rest = (await (await fetch(`${url}/v1/sessions?cursor=${first.next_cursor}`)).json()) as ListedPage;
  expect(rest).toEqual({ data: [], next_cursor: null });
});

test.each(['limit=0', 'limit=501', 'limit=x', 'cursor=x', 'cursor=a&cursor=b', `cursor=${'A'.repeat(300)}`])(
  '?%s is refused by name',
  async (query) => {
    const { url } = await startTestServer({ mayListSessions: true });
    const response = await fetch(`${url}/v1/sessions?${query}`);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string } };
    expect(error.message).toMatch(new RegExp(`^The parameter ${/^\w+/.exec(query)?.[0] ?? ''} `));
  },
);

test('replies that were suppressed are in the transcript where they are asked for', async () => {
  const model = modelByBrightness({ replies: ['A dog comes in.'] });
  const records = await openStore(await temporaryFolder());
  const { url } = await startTestServer({
    ...{ model, records, stream: () => new FakeStream(fakeFrames([90, 90, 90])) },
  });
  const client = await TestClient.open(url, { repeat_after: 10 });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
  const address = `${url}/v1/sessions/${client.sessionId}`;
  const statuses = async (query: string) => {
    const { transcript } = (await (await fetch(`${address}${query}`)).json()) as {
      transcript: readonly { status: string }[];
    };
    return transcript.map(({ status }) => status);
  };
  const all = ['completed', 'suppressed', 'suppressed'];
  expect(await statuses('')).toEqual(['completed']);
  expect(await statuses('?suppressed=1')).toEqual(all);
  expect(await statuses('/transcript?suppressed=0')).toEqual(['completed']);
  expect(await statuses('/transcript.json?suppressed=1')).toEqual(all);
  const subtitles = await (await fetch(`${address}/transcript.srt?suppressed=1`)).text();
  expect(subtitles).toContain('\n(not told) A dog comes in.');
  expect((await fetch(`${address}?suppressed=yes`)).status).toBe(400);
  expect((await fetch(`${address}/transcript.srt?user=no`)).status).toBe(400);
});
