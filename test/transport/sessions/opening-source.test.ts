import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import type { OpenedSource, OpenSource } from '../../../server/transport/sessions/open-source.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const start = {
  type: 'source.start',
  event_id: 's',
  source: { type: 'sample', name: 'any' },
  pacing: 'fast',
};

/** A source that takes its time to open: until released or aborted. */
function slowToOpen(): {
  openSource: OpenSource;
  asked: Promise<void>;
  givenUp: Promise<void>;
  open: () => void;
  stream: FakeStream;
} {
  const stream = new FakeStream(fakeFrames([1, 2]));
  let open: () => void = () => undefined;
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  let tellGivenUp: () => void = () => undefined;
  const givenUp = new Promise<void>((resolve) => {
    tellGivenUp = resolve;
  });
  const openSource: OpenSource = (_request, _sampling, signal) =>
    new Promise<OpenedSource>((resolve, reject) => {
      open = () => {
        resolve({ stream, name: 'slow', realtime: false, push: null });
      };
      signal.addEventListener('abort', () => {
        reject(new DuetError('cancelled', 'the opening of the video was cancelled'));
        tellGivenUp();
      });
      tellAsked();
    });
  return {
    openSource,
    asked,
    givenUp,
    stream,
    open: () => {
      open();
    },
  };
}

test('a source can be stopped while it is being opened, and another one started', async () => {
  const slow = slowToOpen();
  const client = await TestClient.open((await startTestServer({ openSource: slow.openSource })).url);
  client.send(start);
  await slow.asked;
  client.send({ type: 'source.stop' });
  expect(await client.next('error')).toMatchObject({ code: 'cancelled', client_event_id: 's' });
  client.send(start);
  client.send({ type: 'ping' });
  await client.next('pong');
  slow.open();
  await client.next('source.ended');
});

test('texts are taken while a source is being opened', async () => {
  const slow = slowToOpen();
  const client = await TestClient.open((await startTestServer({ openSource: slow.openSource })).url);
  client.send(start);
  client.send({ type: 'user.text', event_id: 'q', text: 'What is it?' });
  client.send({ type: 'ping' });
  await client.next('pong');
  slow.open();
  expect(await client.next('user.text.inserted')).toMatchObject({ client_event_id: 'q' });
});

test('a session can be closed while its source opens; a source opened too late is disposed of', async () => {
  const slow = slowToOpen();
  const late: OpenSource = (request, sampling) =>
    slow.openSource(request, sampling, new AbortController().signal);
  const client = await TestClient.open((await startTestServer({ openSource: late })).url);
  client.send(start);
  await slow.asked;
  client.send({ type: 'session.close' });
  expect((await client.closed).code).toBe(1000);
  slow.open();
  await expect.poll(() => slow.stream.disposed).toBe(true);
});

test('closing the server aborts sources that are being opened', async () => {
  const slow = slowToOpen();
  const server = await startTestServer({ openSource: slow.openSource });
  const client = await TestClient.open(server.url);
  client.send(start);
  await slow.asked;
  await server.close();
  expect((await client.closed).code).toBe(1001);
});

test('a broken model ends the session with an error and 1011', async () => {
  const openSource: OpenSource = () => Promise.reject(new DuetError('model_failed', 'the worker is gone'));
  const client = await TestClient.open((await startTestServer({ openSource })).url);
  client.send(start);
  expect(await client.next('error')).toMatchObject({ code: 'model_failed' });
  expect((await client.closed).code).toBe(1011);
});

test('internal errors are logged, not shown to the client', async () => {
  const logged: unknown[] = [];
  const openSource: OpenSource = () => Promise.reject(new TypeError('secret path /var/lib/x'));
  const server = await startTestServer({ openSource, log: (...parts) => logged.push(...parts) });
  const client = await TestClient.open(server.url);
  client.send(start);
  const error = await client.next('error');
  expect([error.code, error.message]).toEqual(['internal', expect.not.stringContaining('secret')]);
  expect((await client.closed).code).toBe(1011);
  expect(String(logged[1])).toContain('secret path');
});

test('a flood of messages is answered in order, and the reader sets the pace', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  for (let count = 0; count < 5000; count += 1) client.send({ type: 'ping', event_id: String(count) });
  let last = '';
  while (last !== '4999') last = (await client.next('pong')).client_event_id ?? '';
  expect(client.received).toHaveLength(5000);
});

test.each([
  [
    'its session is closed',
    (client: TestClient) => {
      client.send({ type: 'session.close' });
    },
  ],
  [
    'its client stays away',
    (client: TestClient) => {
      client.socket.terminate();
    },
  ],
])('a source that is being opened is given up when %s', async (_when, end) => {
  const slow = slowToOpen();
  const { url } = await startTestServer({ openSource: slow.openSource, graceMs: 20 });
  const client = await TestClient.open(url);
  client.send(start);
  await slow.asked;
  end(client);
  await slow.givenUp;
});
