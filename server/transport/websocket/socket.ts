import type { WebSocket } from 'ws';

/**
 * Pings the client; when nothing at all has come from it by the time the next ping is due, it is `dead`. Ends
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
