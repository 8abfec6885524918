import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectDuet } from '../../client/sdk/connect-duet.js';
import type { ConnectionState } from '../../client/sdk/options.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { RestartedServer } from './restarted-server.js';

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a program goes on with its session after %s and another start of its server, and loses and doubles nothing',
  { timeout: 90_000 },
  async (signal) => {
    const server = await RestartedServer.create('--model', 'duet-nano');
    const states: ConnectionState['type'][] = [];
    await using duet = connectDuet(await server.start(), {
      webSocket: WebSocket,
      backOff: { longestMs: 500 },
      onConnection: ({ type }) => states.push(type),
    });
    const { session_id } = await duet.open();
    duet.say('Say what comes into view.');
    duet.startSource({ type: 'sample', name: 'street' }, { pacing: 'realtime' });
    const messages: ServerMessage[] = [];
    let restarting: Promise<unknown> | null = null;
    let said = '';
    let isTold = false;
    for await (const message of duet) {
      messages.push(message);
      if (message.type === 'response.done' && restarting === null) {
        restarting = server.kill(signal).then(() => {
          said = duet.say('Are you still there?');
          return server.start();
        });
      }
      isTold ||= message.type === 'user.text.inserted' && message.client_event_id === said;
      if (isTold && message.type === 'frame.scored') break;
    }
    await restarting;
    const events = messages.flatMap((message) => ('seq' in message ? [message] : []));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    const ending = signal === 'SIGTERM' ? 'server_shutdown' : null;
    const reopened = events.findIndex(({ type }) => type === 'session.reopened');
    expect(events[reopened]).toMatchObject({ ended_by: ending, lost_events: 0, source: 'street' });
    const after = events.slice(reopened);
    expect(after.filter(({ type }) => type === 'user.text.inserted')).toMatchObject([
      { text: 'Are you still there?', client_event_id: said },
    ]);
    expect(after.map(({ type }) => type)).toContain('source.opened');
    const scored = events.flatMap((event) => (event.type === 'frame.scored' ? [event.video_time] : []));
    expect(scored).toEqual([...new Set(scored)].toSorted((one, other) => one - other));
    expect(duet.sessionId).toBe(session_id);
    expect([...new Set(states)]).toEqual(['connecting', 'open', 'reconnecting']);
  },
);

test(
  'a program whose server comes back without its records is told that the session is gone',
  { timeout: 90_000 },
  async () => {
    const server = await RestartedServer.create('--record', 'off');
    await using duet = connectDuet(await server.start(), {
      webSocket: WebSocket,
      backOff: { longestMs: 500 },
    });
    await duet.open();
    const types: string[] = [];
    const reading = (async () => {
      for await (const { type } of duet) types.push(type);
    })();
    const threw = expect(reading).rejects.toMatchObject({ code: 'not_found' });
    await server.kill('SIGTERM');
    await server.start();
    await threw;
    expect(types).toEqual(['session.opened', 'session.closed', 'error']);
  },
);
