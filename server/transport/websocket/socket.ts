import type { WebSocket } from 'ws';
import { closeReason, closings, type Closing } from '../../protocol/close-codes.js';

/**
 * Pings the client and calls `dead` when nothing at all has arrived by the time the next ping is due. Stops
 * with the socket.
 */
export function keepHeartbeat(socket: WebSocket, everyMs: number, dead: () => void): void {
  let alive = true;
  for (const event of ['message', 'ping', 'pong'] as const) {
    socket.on(event, () => {
      alive = true;
    });
  }
  const timer = setInterval(() => {
    if (!alive) {
      clearInterval(timer);
      dead();
      return;
    }
    alive = false;
    socket.ping();
  }, everyMs);
  socket.once('close', () => {
    clearInterval(timer);
  });
}

/**
 * Closes a WebSocket with the protocol's code and terminates it when the client does not answer. The answer
 * of a client that sends too much is not awaited, since it would come after all the rest.
 */
export function closeSocket(socket: WebSocket, closing: Closing): void {
  const { code, meaning } = closings[closing];
  if (closing === 'too_fast') socket.pause();
  else socket.resume();
  socket.close(code, closeReason(meaning));
  const timer = setTimeout(() => {
    socket.terminate();
  }, closeTimeoutMs);
  socket.once('close', () => {
    clearTimeout(timer);
  });
}

/** How long a client may take to answer a close frame, in milliseconds. */
const closeTimeoutMs = 2000;
