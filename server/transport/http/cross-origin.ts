import cors from 'cors';
import { Router } from 'express';
import type { AccessRules } from '../access/access-rules.js';

/**
 * Lets pages of the allowed origins read what is answered, refusals too, with cookies and passwords of a
 * proxy in between if they have any; answers their preflight requests, which carry neither. Other origins are
 * named in no header and are refused after this, as without it. Whatever is kept in a cache is kept for one
 * origin.
 */
export function crossOrigin({ allowOrigins }: AccessRules): Router {
  return Router().use(
    (_request, response, next) => {
      response.vary('Origin');
      next();
    },
    cors({
      origin: (origin, done) => {
        done(null, origin !== undefined && allowOrigins.includes(origin) ? origin : false);
      },
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'DELETE'],
      exposedHeaders: [
        'Accept-Ranges',
        'Content-Disposition',
        'Content-Length',
        'Content-Range',
        'Retry-After',
      ],
      maxAge: 600,
    }),
  );
}
