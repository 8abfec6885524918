import type { RequestHandler } from 'express';
import { describedRoutes } from './openapi/described-routes.js';

/** Answers what no route has handled with 405 and `Allow` where its path has other methods. */
export function answerOtherMethods(): RequestHandler {
  const routes = describedRoutes().map(({ method, path }) => ({ method, pattern: patternOf(path) }));
  return ({ method, path }, response, next) => {
    const methods = routes.flatMap((route) => (route.pattern.test(path) ? [route.method] : []));
    const allowed = [
      ...new Set(methods.flatMap((each) => (each === 'get' ? ['GET', 'HEAD'] : each.toUpperCase()))),
    ];
    if (allowed.length === 0 || allowed.includes(method)) {
      next();
      return;
    }
    const message = `${method} does nothing at ${path.slice(0, 200)}: there is ${allowed.join(', ')}`;
    response
      .status(405)
      .set('Allow', [...allowed, 'OPTIONS'].join(', '))
      .json({ error: { code: 'invalid_request', message } });
  };
}

/** As Express reads it: whatever the case, with or without a slash at the end. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}
