import type { RequestHandler } from 'express';
import { DuetError } from '../../errors.js';
import { callerOf, refuseCaller, type AccessRules } from '../access.js';

const headers = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
    "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), display-capture=(self), microphone=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Turns away callers from other sites and under unknown names, and sets the security headers of every answer. */
export function guard(rules: AccessRules): RequestHandler {
  return (request, response, next) => {
    response.set(headers);
    const refusal = refuseCaller(callerOf(request), rules);
    if (refusal !== null) throw new DuetError('unauthorized', refusal);
    next();
  };
}
