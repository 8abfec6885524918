import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { rest } from '../yield-to-event-loop.js';

/**
 * Requests that may wait on one connection. Browsers send the next after the answer; the few who do not send
 * a handful ahead.
 */
const maxAhead = 32;

/**
 * Answers the requests of each connection one after the other, each in its turn of the event loop: as many as
 * are written at once take no longer from the others than as many clients with one each. A connection with
 * too many waiting is closed.
 */
export function oneAtATime(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  const lines = new WeakMap<Socket, { ahead: number; last: Promise<void> }>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? { ahead: 0, last: Promise.resolve() };
    lines.set(socket, line);
    if (line.ahead >= maxAhead) {
      socket.destroy();
      return;
    }
    line.ahead += 1;
    line.last = line.last.then(async () => {
      await rest();
      // The client may have left meanwhile, and then nothing would tell the routes that it has.
      if (!socket.destroyed) await answered(answer, request, response);
      line.ahead -= 1;
    });
  };
}

function answered(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve);
    answer(request, response);
  });
}
