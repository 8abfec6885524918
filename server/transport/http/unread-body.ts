import type { RequestHandler } from 'express';

/**
 * Ends a request whose body is still arriving some time after it was answered: its sender could hold the
 * connection for ever. The delay lets a client that reads only after sending everything learn why it was
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
