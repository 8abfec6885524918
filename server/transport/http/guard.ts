import type { RequestHandler } from 'express';
import { DuetError } from '../../errors.js';
import { callerOf, refuseCaller, type AccessRules } from '../access/access-rules.js';

/** Turns away callers from other sites and under unknown names. */
export function guard(rules: AccessRules): RequestHandler {
  return (request, _response, next) => {
    const refusal = refuseCaller(callerOf(request), rules);
    if (refusal !== null) throw new DuetError('unauthorized', refusal);
    next();
  };
}
