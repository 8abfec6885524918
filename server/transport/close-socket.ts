import type { WebSocket } from 'ws';
import { closeReason, closings, type Closing } from '../protocol/close-codes.js';

/** How long a client may take to answer a close frame, in milliseconds. */
const closeTimeoutMs = 2000;

/** Closes a WebSocket with the code of the protocol; a client that does not answer is cut off. */
export function closeSocket(socket: WebSocket, closing: Closing, detail?: string): void {
  const { code, meaning } = closings[closing];
  socket.resume();
  socket.close(code, closeReason(detail ?? meaning));
  const timer = setTimeout(() => {
    socket.terminate();
  }, closeTimeoutMs);
  socket.once('close', () => {
    clearTimeout(timer);
  });
}
