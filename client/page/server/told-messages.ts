import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import { httpAddress, httpRefusal } from './http.js';

/** All that a session was told, from its record, oldest first. Throws `DuetClientError` if it has none. */
export async function* toldMessages(sessionId: string): AsyncGenerator<ServerMessage, void> {
  const response = await fetch(httpAddress(`/v1/sessions/${encodeURIComponent(sessionId)}/events`));
  if (!response.ok || response.body === null) throw httpRefusal(response.status, await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop() ?? '';
    // The server's own schema made these messages.
    for (const line of lines) yield JSON.parse(line) as ServerMessage;
  }
}
