import { expect, test, vi } from 'vitest';
import { connectDuet } from '../../client/sdk/connect-duet.js';
import type { ConnectionState } from '../../client/sdk/options.js';
import { closings } from '../../server/protocol/close-codes.js';
import { mayResume, mayRetry } from '../../client/sdk/reconnecting.js';
import { decodePictureMessage } from '../../server/protocol/picture-message.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { openDuet, quick, readAll, resumed } from './open-duet.js';
import { startScriptedServer, type ScriptedConnection } from './scripted-server.js';
import { delta, frame, opened } from './wire-events.js';

test('open sends session.open with subprotocol duet.v1 and resolves with the session', async () => {
  const server = await startScriptedServer();
  const duet = connectDuet(server.url, quick);
  const opening = duet.open({ settings: { cooldown: 2 } });
  const connection = await server.connection();
  expect(connection.protocol).toBe('duet.v1');
  expect(await connection.texts.take()).toEqual({
    type: 'session.open',
    settings: { cooldown: 2 },
    event_id: 'c1',
  });
  connection.send(opened());
  expect(await opening).toMatchObject({ session_id: 's1', model: 'fake' });
  expect(duet.sessionId).toBe('s1');
  duet.dispose();
});

test('open rejects with the code and the words of a refusal', async () => {
  const server = await startScriptedServer();
  const duet = connectDuet(server.url, quick);
  const opening = duet.open();
  const connection = await server.connection();
  await connection.texts.take();
  connection.send({
    type: 'error',
    code: 'busy',
    message: 'All 8 sessions are in use; try again later',
    param: null,
    client_event_id: 'c1',
    retryable: true,
  });
  connection.close(1013, 'try later');
  await expect(opening).rejects.toMatchObject({ code: 'busy', retryable: true });
  expect((await readAll(duet)).error).toMatchObject({ code: 'busy' });
});

test('open rejects when nobody listens at the address', async () => {
  const duet = connectDuet('ws://127.0.0.1:1/v1/duet', quick);
  await expect(duet.open()).rejects.toMatchObject({ code: 'connection_failed', retryable: true });
});

test('each method sends its message and returns the event_id that events will name', async () => {
  const { duet, first } = await openDuet();
  const ids = [
    duet.update({ cooldown: 1 }),
    duet.startSource({ type: 'sample', name: 'street' }, { pacing: 'realtime', fps: 4 }),
    duet.say('What is there?'),
    duet.say('And then?', 4.5),
    duet.cancel(),
    duet.pauseSource(),
    duet.resumeSource(),
    duet.stopSource(),
  ];
  const sent = [];
  while (sent.length < ids.length) sent.push(await first.texts.take());
  expect(sent.map((message) => message.event_id)).toEqual(ids);
  expect(sent).toMatchObject([
    { type: 'session.update', settings: { cooldown: 1 } },
    { type: 'source.start', source: { type: 'sample', name: 'street' }, pacing: 'realtime', fps: 4 },
    { type: 'user.text', text: 'What is there?' },
    { type: 'user.text', text: 'And then?', video_time: 4.5 },
    { type: 'response.cancel' },
    { type: 'source.pause' },
    { type: 'source.resume' },
    { type: 'source.stop' },
  ]);
  expect(sent[2]).not.toHaveProperty('video_time');
  duet.dispose();
});

const losses: readonly (readonly [string, (connection: ScriptedConnection) => void])[] = [
  [
    'lost',
    (connection) => {
      connection.drop();
    },
  ],
  [
    'closed by a proxy that is loaded anew',
    (connection) => {
      connection.close(1001);
    },
  ],
  [
    'closed by a proxy whose server is away',
    (connection) => {
      connection.close(1014);
    },
  ],
];

test.each(losses)(
  'a connection that is %s is resumed after the last event, and no event comes twice',
  async (_, lose) => {
    const states: ConnectionState['type'][] = [];
    const { duet, first, next } = await openDuet({ onConnection: ({ type }) => states.push(type) });
    first.send(frame({ seq: 2 }));
    first.send(frame({ seq: 3 }));
    const arrived: ServerMessage[] = [];
    const reading = readAll(duet, arrived);
    await vi.waitFor(() => {
      expect(arrived).toHaveLength(3);
    });
    lose(first);
    const second = await next();
    expect(await second.texts.take()).toMatchObject({
      type: 'session.resume',
      session_id: 's1',
      after_seq: 3,
    });
    second.send(resumed(3));
    second.send(frame({ seq: 3 }));
    second.send(delta({ seq: 4 }));
    second.send({ type: 'session.closed', seq: 5, video_time: 0, elapsed_ms: 0, reason: 'client_request' });
    const { messages, error } = await reading;
    expect(error).toBeNull();
    expect(messages.flatMap((message) => ('seq' in message ? [message.seq] : []))).toEqual([1, 2, 3, 4, 5]);
    expect(states).toEqual(['connecting', 'open', 'reconnecting', 'open', 'closed']);
  },
);

test('what is sent while the connection is away arrives in order once the session is resumed', async () => {
  const { duet, first, next } = await openDuet();
  first.drop();
  await vi.waitFor(() => {
    expect(duet.pushPicture(new Uint8Array([1]), 0)).toBe(false);
  });
  duet.say('first');
  duet.say('second');
  const second = await next();
  expect(await second.texts.take()).toMatchObject({ type: 'session.resume', after_seq: 1 });
  duet.say('third');
  second.send(resumed(1));
  const texts = [await second.texts.take(), await second.texts.take(), await second.texts.take()];
  expect(texts).toMatchObject([{ text: 'first' }, { text: 'second' }, { text: 'third' }]);
  duet.dispose();
});

test('a session that is no longer there ends the iteration with the words of the server', async () => {
  const { duet, first, next } = await openDuet();
  first.drop();
  const second = await next();
  const { event_id: resumeId = null } = await second.texts.take();
  second.send({
    type: 'error',
    code: 'not_found',
    message: 'No such session: it was closed or never opened.',
    param: null,
    client_event_id: resumeId,
    retryable: false,
  });
  expect((await readAll(duet)).error).toMatchObject({ code: 'not_found' });
  expect(() => duet.say('hello')).toThrow('No such session');
});

test('the client gives up when the connection stays away for longer than giveUpMs', async () => {
  const { duet, first } = await openDuet({ backOff: { firstMs: 10, giveUpMs: 0 } });
  first.drop();
  expect((await readAll(duet)).error).toMatchObject({
    code: 'connection_lost',
    message: 'The Duet server stayed away for 0 s (close code 1006): check that it runs',
    retryable: true,
  });
});

test.each(Object.entries(closings))(
  'a connection closed as %s is resumed only where the protocol says so',
  (_name, { code, resumable }) => {
    expect(mayResume(code)).toBe(resumable);
  },
);

test.each(Object.entries(closings))(
  'whether connecting again after %s can help is what the protocol says',
  (_name, { code, retryable }) => {
    expect(mayRetry(code)).toBe(retryable);
  },
);

test('a session taken over by another connection is not taken back', async () => {
  const { duet, first } = await openDuet();
  first.close(closings.resumed_elsewhere.code, 'resumed elsewhere');
  const { error } = await readAll(duet);
  expect(error).toMatchObject({ code: 'connection_lost' });
  expect(String(error)).toContain('4001: resumed elsewhere');
});

test('a line without a sign of life counts as lost', async () => {
  const { duet, first, next } = await openDuet({ heartbeatMs: 20 });
  expect(await first.texts.take()).toMatchObject({ type: 'ping' });
  const second = await next();
  expect(await second.texts.take()).toMatchObject({ type: 'session.resume' });
  duet.dispose();
});

test('events are acknowledged, so that the server need not keep them', async () => {
  const { duet, first } = await openDuet();
  for (let seq = 2; seq <= 40; seq += 1) first.send(frame({ seq }));
  expect(await first.texts.take()).toEqual({ type: 'ack', seq: 32 });
  duet.dispose();
});

test('a pushed picture is a binary message with its time', async () => {
  const { duet, first } = await openDuet();
  expect(duet.pushPicture(new Uint8Array([255, 216, 7]), 1.5)).toBe(true);
  duet.pushPicture({ rgb: new Uint8Array([1, 2, 3]), width: 1, height: 1 }, 2);
  expect(decodePictureMessage(await first.pictures.take())).toEqual({
    kind: 'encoded',
    videoTime: 1.5,
    bytes: new Uint8Array([255, 216, 7]),
  });
  expect(decodePictureMessage(await first.pictures.take())).toMatchObject({
    kind: 'rgb',
    width: 1,
    height: 1,
    videoTime: 2,
  });
  duet.dispose();
});

test('a picture is not sent while more bytes wait than allowed', async () => {
  const { duet } = await openDuet({ pictureBytesLimit: -1 });
  expect(duet.pushPicture(new Uint8Array([1]), 0)).toBe(false);
  duet.dispose();
});

test('close asks the server to close the session and resolves when it has', async () => {
  const { duet, first } = await openDuet();
  const closing = duet.close();
  expect(await first.texts.take()).toMatchObject({ type: 'session.close' });
  first.send({ type: 'session.closed', seq: 2, video_time: 0, elapsed_ms: 0, reason: 'client_request' });
  await closing;
  expect((await readAll(duet)).error).toBeNull();
});

test('close resolves at once when the line is lost before the server has confirmed', async () => {
  const { duet, first } = await openDuet({ backOff: { firstMs: 60_000, longestMs: 60_000 } });
  const closing = duet.close();
  await first.texts.take();
  first.drop();
  await closing;
  expect((await readAll(duet)).error).toBeNull();
});

test('an aborted signal ends the client and the iteration', async () => {
  const abort = new AbortController();
  const { duet } = await openDuet({ signal: abort.signal });
  const reading = readAll(duet);
  abort.abort();
  expect((await reading).error).toBeNull();
  expect(() => duet.cancel()).toThrow('The session is closed');
});
