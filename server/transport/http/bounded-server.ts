import { createServer, type RequestListener, type Server } from 'node:http';
import type { RequestHandler } from 'express';

/**
 * An HTTP server with limits: idle connections are closed, and beyond `maxConnections` new ones are closed at
 * once. A request with `Expect: 100-continue` reaches the listener before its body, so that it can be refused
 * unread.
 */
export function boundedServer(listener: RequestListener, maxConnections: number): Server {
  const server = createServer(
    { headersTimeout, requestTimeout, connectionsCheckingInterval: 10_000 },
    listener,
  );
  server.on('checkContinue', listener);
  server.timeout = idleTimeout;
  server.maxConnections = maxConnections;
  return server;
}

/**
 * How long a client may take, in milliseconds: for its headers, for a whole request (a large upload over a
 * slow connection takes long, and has a minimum rate of its own, see `UploadPace`), and between any two
 * bytes.
 */
const headersTimeout = 60_000;

const requestTimeout = 3_600_000;

const idleTimeout = 120_000;

/**
 * Closes a connection whose request body is still arriving some time after the response: otherwise its sender
 * could hold it forever. The delay lets a client that reads only after sending everything learn why it was
 * refused.
 */
export function endUnreadBody(lingerMs = 10_000): RequestHandler {
  return (request, response, next) => {
    response.once('finish', () => {
      if (request.complete) return;
      const ending = setTimeout(() => request.destroy(), lingerMs).unref();
      request.once('close', () => {
        clearTimeout(ending);
      });
    });
    next();
  };
}
