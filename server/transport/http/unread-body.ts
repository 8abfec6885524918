import type { RequestHandler } from 'express';

/**
 * Ends a request whose body still comes some time after it was answered: its sender would hold the
 * connection, and could drip for ever. The time lets a client that reads only when it has sent everything
 * come to know why it was refused.
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
