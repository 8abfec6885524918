import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectDuet } from '../../client/sdk/connect-duet.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { heldVideo } from '../transport/held-video.js';
import { startTestServer } from '../transport/test-server.js';

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
