import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectDuet } from '../../client/sdk/connect-duet.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { RecordStore } from '../../server/records/record-store.js';
import { roomyLimits } from '../records/recorded-session.js';
import { heldVideo } from '../transport/held-video.js';
import { startTestServer, temporaryFolder } from '../transport/test-server.js';

/** A WebSocket whose line a test can cut. */
class CuttableSocket extends WebSocket {
  static newest: CuttableSocket | null = null;

  constructor(url: string, protocols?: string | string[]) {
    super(url, protocols);
    CuttableSocket.newest = this;
  }
}

test('a session on the real server loses and doubles nothing when the connection is cut', async () => {
  const { stream, release } = heldVideo();
  const server = await startTestServer({ stream: () => stream });
  await using duet = connectDuet(`${server.url.replace('http', 'ws')}/v1/duet`, {
    webSocket: CuttableSocket,
    backOff: { firstMs: 1 },
  });
  const { settings } = await duet.open({ settings: { policy: { type: 'threshold', threshold: 0.15 } } });
  expect(settings.policy).toEqual({ type: 'threshold', threshold: 0.15 });
  const asked = duet.say('What is there?');
  duet.startSource({ type: 'sample', name: 'any' }, { pacing: 'fast' });
  const messages: ServerMessage[] = [];
  for await (const message of duet) {
    messages.push(message);
    if (message.type === 'frame.scored' && message.frame_index === 0) CuttableSocket.newest?.terminate();
    if (message.type === 'session.resumed') release();
    if (message.type === 'source.ended') break;
  }
  const events = messages.flatMap((message) => ('seq' in message ? [message] : []));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(messages.some(({ type }) => type === 'session.resumed')).toBe(true);
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'user.text.inserted', client_event_id: asked }),
  );
  expect(events.filter(({ type }) => type === 'response.done')).toHaveLength(2);
});

/** Reads until a message of a type comes, and returns the types until then. */
async function typesUntil(
  duet: AsyncIterable<ServerMessage>,
  last: ServerMessage['type'],
): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of duet) {
    types.push(type);
    if (type === last) return types;
  }
  throw new Error(`the session ended after ${types.join()}`);
}

test('others follow a session with a token, also when their own line is cut, and change nothing', async () => {
  const { stream, release } = heldVideo();
  const server = await startTestServer({ stream: () => stream });
  const url = `${server.url.replace('http', 'ws')}/v1/duet`;
  await using duet = connectDuet(url, { webSocket: WebSocket });
  const { session_id } = await duet.open();
  const token = await duet.share();
  const follower = connectDuet(url, { webSocket: CuttableSocket, backOff: { firstMs: 1 } });
  const following = await follower.follow(token);
  expect(following).toMatchObject({ status: 'open', transcript: [] });
  expect(following.session_id).not.toBe(session_id);
  duet.startSource({ type: 'sample', name: 'any' }, { pacing: 'fast' });
  await typesUntil(follower, 'frame.scored');
  CuttableSocket.newest?.terminate();
  expect(await typesUntil(follower, 'session.following')).not.toContain('error');
  release();
  const rest = await typesUntil(follower, 'source.ended');
  expect(rest.filter((type) => type === 'frame.scored')).toHaveLength(2);
  follower.stopSource();
  await typesUntil(follower, 'error');
  follower.dispose();
  const stranger = connectDuet(url, { webSocket: WebSocket });
  await expect(stranger.follow('follow_none')).rejects.toMatchObject({ code: 'not_found' });
  stranger.dispose();
});

test('a session whose server was restarted can be taken up by a later client', async () => {
  const records = await RecordStore.open({ folder: await temporaryFolder(), limits: roomyLimits });
  const first = await startTestServer({ records });
  const url = `${first.url.replace('http', 'ws')}/v1/duet`;
  const duet = connectDuet(url, { webSocket: WebSocket, backOff: { firstMs: 20 } });
  const { session_id } = await duet.open();
  duet.dispose();
  await first.close();
  const again = await RecordStore.open({ folder: records.folder, limits: roomyLimits });
  const second = await startTestServer({ records: again });
  await using later = connectDuet(`${second.url.replace('http', 'ws')}/v1/duet`, { webSocket: WebSocket });
  expect(await later.resume(session_id, 1)).toMatchObject({ session_id, after_seq: 1 });
  expect(await typesUntil(later, 'session.reopened')).toContain('session.closed');
  await records[Symbol.asyncDispose]();
});
