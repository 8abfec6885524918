import type { Request } from 'express';
import { z } from 'zod';
import { DuetError } from '../../errors.js';

/** The parameters of a request. Throws 'invalid_request', naming the one that makes no sense. */
export function parsedQuery<Query extends z.ZodType>(request: Request, query: Query): z.infer<Query> {
  const parsed = query.safeParse(request.query);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `The parameter ${issue?.path.join('.') ?? ''} is not valid: ${issue?.message ?? ''}`;
  throw new DuetError('invalid_request', message);
}

/** A parameter that is a whole number; `error` says so in words. */
export function wholeParameter(error: string, from: number, to = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  return z.coerce.number({ error }).int({ error }).min(from, { error }).max(to, { error });
}

/** A parameter that is 1 for yes or 0 for no. */
export function oneOrZero(otherwise: '0' | '1'): z.ZodType<boolean> {
  return z
    .enum(['0', '1'])
    .default(otherwise)
    .transform((value) => value === '1');
}
