import type { WebSocket } from 'ws';
import { closeSocket } from './close-socket.js';

/** Pings the client; one that has not answered when the next ping is due is closed. Ends with the socket. */
export function keepHeartbeat(socket: WebSocket, everyMs: number): void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const timer = setInterval(() => {
    if (!alive) {
      clearInterval(timer);
      closeSocket(socket, 'no_heartbeat');
      return;
    }
    alive = false;
    socket.ping();
  }, everyMs);
  socket.once('close', () => {
    clearInterval(timer);
  });
}
