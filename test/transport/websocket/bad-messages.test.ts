import { expect, test } from 'vitest';
import { maxMessageBytes, maxTextMessageBytes } from '../../../server/protocol/limits.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const secret = 'my private question';

test.each([
  ['malformed JSON', '{"type": "ping"', null],
  ['an empty message', '', null],
  ['JSON that is no object', '[1, 2]', null],
  ['a message without type', '{"event_id": "x"}', 'type'],
  ['an unknown type', '{"type": "session.destroy", "event_id": "x"}', 'type'],
  ['an unknown field', '{"type": "ping", "event_id": "x", "colour": "red"}', 'colour'],
  ['a wrong type of field', '{"type": "ack", "seq": "1", "event_id": "x"}', 'seq'],
  [
    'a number out of range',
    '{"type": "session.open", "settings": {"fps": 0}, "event_id": "x"}',
    'settings.fps',
  ],
  [
    'a wrong field deep inside',
    '{"type": "session.open", "event_id": "x", "settings": {"policy": {"type": "sum", "threshold": -1}}}',
    'settings.policy.threshold',
  ],
  [
    'an unknown source',
    '{"type": "source.start", "event_id": "x", "source": {"type": "tape"}}',
    'source.type',
  ],
  ['an event id that is too long', `{"type": "ping", "event_id": "${'x'.repeat(129)}"}`, 'event_id'],
  ['an empty text', '{"type": "user.text", "text": "", "event_id": "x"}', 'text'],
])(
  '%s is answered with an error that names the field, and the connection survives',
  async (_what, text, param) => {
    const client = await TestClient.connect((await startTestServer()).url);
    client.send(text);
    const error = await client.next('error');
    expect(error).toMatchObject({ code: 'invalid_message', param, retryable: false });
    expect(error.client_event_id).toBe(text.includes('"x"') ? 'x' : null);
    client.send({ type: 'ping' });
    await client.next('pong');
  },
);

test('bytes that are not UTF-8 are answered with an error', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  // ws itself refuses such a text frame, as RFC 6455 requires: the connection closes with 1007.
  client.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
  expect((await client.closed).code).toBe(1007);
});

test('a user text of more than 16 KiB is refused as too large, measured in bytes', async () => {
  const client = await TestClient.open((await startTestServer()).url);
  client.send({ type: 'user.text', event_id: 'long', text: 'é'.repeat(8193) });
  expect(await client.next('error')).toMatchObject({
    code: 'too_large',
    param: 'text',
    client_event_id: 'long',
  });
  client.send({ type: 'user.text', text: 'é'.repeat(8192) });
  client.send({ type: 'ping' });
  expect(await client.next('pong')).toBeDefined();
  expect(client.received.filter(({ type }) => type === 'error')).toHaveLength(1);
});

test('a user text with too many tokens is refused with the figures, and the session continues', async () => {
  const stream = () => new FakeStream(fakeFrames([10, 20, 30]));
  const client = await TestClient.open((await startTestServer({ stream })).url);
  client.send({ type: 'user.text', event_id: 'long', text: 'a '.repeat(8_000) });
  const error = await client.next('error');
  expect(error).toMatchObject({ code: 'context_full', client_event_id: 'long', retryable: false });
  expect(error.message).toMatch(/has 8000 tokens.*at most \d+.*4096.*shorten/);
  client.send({ type: 'user.text', text: 'a '.repeat(1_900) });
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('user.text.inserted');
  expect(await client.next('source.ended')).toMatchObject({ frames: 3, reason: 'finished' });
});

test('a system prompt with too many tokens is refused, and a shorter one opens the session', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  const settings = { system_prompt: 'a '.repeat(2_000) };
  client.send({ type: 'session.open', event_id: 'long', settings });
  const error = await client.next('error');
  expect(error).toMatchObject({ code: 'context_full', client_event_id: 'long' });
  expect(error.message).toMatch(/system prompt has 2000 tokens.*at most 1024.*shorten/);
  client.send({ type: 'session.open', settings: { system_prompt: 'a '.repeat(1_000) } });
  await client.next('session.opened');
});

test('a user text of 1 MB is refused unread and the session goes on', async () => {
  const client = await TestClient.open((await startTestServer()).url);
  client.send({ type: 'user.text', text: 'x'.repeat(1_000_000) });
  const error = await client.next('error');
  expect(error.code).toBe('too_large');
  expect(error.message).toContain(String(maxTextMessageBytes));
  client.send({ type: 'session.update', settings: {} });
  await client.next('session.updated');
});

test('a message beyond the largest size closes the connection with 1009', async () => {
  const client = await TestClient.connect((await startTestServer()).url);
  client.socket.send(Buffer.alloc(maxMessageBytes + 1));
  expect((await client.closed).code).toBe(1009);
});

test('after too many bad messages the connection is closed with 1008', async () => {
  const server = await startTestServer({ limits: { faults: { burst: 3, perSecond: 0 } } });
  const client = await TestClient.connect(server.url);
  for (let count = 0; count < 4; count += 1) client.send('nonsense');
  expect((await client.closed).code).toBe(1008);
  expect(client.received).toHaveLength(4);
});

test('bad messages are forgiven over time, so that occasional ones never add up', async () => {
  let clockMs = 0;
  const limits = { faults: { burst: 3, perSecond: 1 } };
  const server = await startTestServer({ limits, now: () => clockMs });
  const client = await TestClient.connect(server.url);
  for (let count = 0; count < 20; count += 1) {
    client.send('nonsense');
    await client.next('error');
    clockMs += 1000;
  }
  for (let count = 0; count < 4; count += 1) client.send('nonsense');
  expect((await client.closed).code).toBe(1008);
});

test('errors and log lines never repeat what the user wrote', async () => {
  const logged: unknown[] = [];
  const server = await startTestServer({ log: (...parts) => logged.push(...parts) });
  const client = await TestClient.open(server.url);
  client.send({ type: 'user.text', text: secret, video_time: -1 });
  client.send(`{"type": "user.text", "text": "${secret}"`);
  client.send({ type: 'user.text', text: [secret] });
  for (let count = 0; count < 3; count += 1) await client.next('error');
  expect(JSON.stringify(client.received)).not.toContain(secret);
  expect(JSON.stringify(logged.map(String))).not.toContain(secret);
});

test('the number of user texts waiting for the video is limited', async () => {
  const server = await startTestServer({ limits: { maxWaitingTexts: 2 } });
  const client = await TestClient.open(server.url);
  for (const event_id of ['a', 'b', 'c'])
    client.send({ type: 'user.text', event_id, text: 'later', video_time: 99 });
  expect(await client.next('error')).toMatchObject({ client_event_id: 'c', retryable: true });
});
