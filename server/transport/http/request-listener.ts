import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import { guarded } from '../guarded.js';
import type { Log } from '../log.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';

/**
 * The listener of an HTTP server that answers with `app`, the requests of each connection one after the
 * other. Express answers what its routes throw; what fails around them costs one request, never the process.
 */
export function requestListener(app: RequestListener, log: Log): RequestListener {
  const answer: RequestListener = (request, response) => {
    if (requestPath(request.url) !== null) app(request, response);
    else response.writeHead(400, { Connection: 'close' }).end();
  };
  const giveUp = (_request: IncomingMessage, response: ServerResponse): void => {
    response.destroy();
  };
  return answerInOrder(guarded(log, 'An HTTP request failed', answer, giveUp));
}

/**
 * Answers the requests of each connection one after the other, each in its turn of the event loop: as many as
 * are written at once take no longer from the others than as many clients with one each. A connection with
 * too many waiting is closed.
 */
export function answerInOrder(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): RequestListener {
  const lines = new WeakMap<Socket, { ahead: number; readonly requests: OneAtATime }>();
  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? { ahead: 0, requests: new OneAtATime() };
    lines.set(socket, line);
    if (line.ahead >= maxAhead) {
      socket.destroy();
      return;
    }
    line.ahead += 1;
    void line.requests.run(async () => {
      await yieldToEventLoop();
      // The client may have left meanwhile, and then nothing would tell the routes that it has.
      if (!socket.destroyed) await answered(answer, request, response);
      line.ahead -= 1;
    });
  };
}

/**
 * Requests that may wait on one connection. Browsers send the next after the answer; the few who do not send
 * a handful ahead.
 */
const maxAhead = 32;

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

/**
 * The path of a request line's target, or null where there is none. Whatever stands there is a stranger's
 * text: a path as it is (`//` is a path too, not the beginning of a host), or a whole address as proxies send
 * it.
 */
export function requestPath(target: string | undefined): string | null {
  if (target === undefined) return null;
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0] ?? null;
  return URL.canParse(target) ? new URL(target).pathname : null;
}
