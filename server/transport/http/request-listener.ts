import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import { guarded } from '../guarded.js';
import type { Log } from '../log.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';

/**
 * A request listener that answers with `app`, one request per connection at a time. Express handles errors in
 * its routes; any other error costs one request, never the process.
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
 * Answers the requests of each connection one at a time, each in its own turn of the event loop, so that many
 * pipelined requests slow other clients no more than as many separate clients would. A connection with too
 * many waiting requests is closed.
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
      // The client may have disconnected while the request waited; the routes would not be told.
      if (!socket.destroyed) await answered(answer, request, response);
      line.ahead -= 1;
    });
  };
}

/**
 * Most requests waiting on one connection. Browsers do not pipeline; the few clients that do send a handful
 * ahead.
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
 * The path of a request line's target, or null if it has none. The target is untrusted: a plain path (`//` is
 * a path too, not the start of a host), or a full URL as proxies send it.
 */
export function requestPath(target: string | undefined): string | null {
  if (target === undefined) return null;
  if (target.startsWith('/')) return target.split(/[?#]/, 1)[0] ?? null;
  return URL.canParse(target) ? new URL(target).pathname : null;
}
