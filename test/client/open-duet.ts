import { WebSocket } from 'ws';
import { connectDuet } from '../../client/sdk/connect-duet.js';
import type { DuetClient } from '../../client/sdk/duet-client.js';
import type { DuetClientOptions } from '../../client/sdk/options.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { startScriptedServer, type ScriptedConnection } from './scripted-server.js';
import { opened, wireSettings } from './wire-events.js';

/** Comes back at once. */
export const quick: DuetClientOptions = { webSocket: WebSocket, backOff: { firstMs: 1, longestMs: 5 } };

/** A client whose session is open on a scripted server. */
export async function openDuet(options: DuetClientOptions = {}): Promise<{
  duet: DuetClient;
  first: ScriptedConnection;
  next: () => Promise<ScriptedConnection>;
}> {
  const server = await startScriptedServer();
  const duet = connectDuet(server.url, { ...quick, ...options });
  const opening = duet.open();
  const first = await server.connection();
  await first.texts.take();
  first.send(opened());
  await opening;
  return { duet, first, next: () => server.connection() };
}

/** Reads until the iteration ends; gives what came and what it threw. */
export async function readAll(
  duet: DuetClient,
  messages: ServerMessage[] = [],
): Promise<{ messages: ServerMessage[]; error: unknown }> {
  try {
    for await (const message of duet) messages.push(message);
    return { messages, error: null };
  } catch (error) {
    return { messages, error };
  }
}

/** The answer to a request to resume after an event. */
export const resumed = (after: number): ServerMessage => ({
  type: 'session.resumed',
  session_id: 's1',
  model: 'fake',
  settings: wireSettings,
  after_seq: after,
  last_seq: after,
  client_event_id: null,
});
