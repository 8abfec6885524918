import type { Request } from 'express';
import { z } from 'zod';
import { sessionEventSchema } from '../../../protocol/session-events.js';
import type { WantedEvents } from '../../sessions/followed-events.js';
import { parsedQuery, wholeParameter } from '../parsed-query.js';

/**
 * What the parameters of a request ask for: `after` a number, or the `last` few and what follows, of some
 * `types` only, and of replies only those to some `questions`. Throws 'invalid_request'.
 */
export function wantedEvents(request: Request): WantedEvents {
  const { after, last, types, questions } = parsedQuery(request, streamQuery);
  return {
    resumed: resumedPlace(request),
    after,
    last: last ?? null,
    questions,
    includes: (event) => types === undefined || types.has(event.type),
    skip: (line) => {
      const type = /^\{"type":"([\w.]+)"/.exec(line)?.[1];
      return type !== undefined && types !== undefined && !types.has(type);
    },
  };
}

/** Where a reader was before its connection was lost, by its `Last-Event-ID`; null if it has none of ours. */
function resumedPlace(request: Request): WantedEvents['resumed'] {
  const [, session = null, seq] =
    /^(?:([\w-]{1,64}):)?(\d{1,15})$/.exec(request.get('last-event-id') ?? '') ?? [];
  return seq === undefined ? null : { session, seq: Number(seq) };
}

const knownTypes = sessionEventSchema.options.map(({ shape }) => shape.type.value);

const eventTypes = z
  .string()
  .max(2000)
  .transform((text) => new Set(text.split(',')))
  .refine((types) => [...types].every((type) => knownTypes.some((known) => known === type)), {
    error: 'must be types of events with commas between them, such as response.done,user.text.inserted',
  });

const mostQuestions = 50;

const questionList = z.string().max(2000, { error: 'is longer than 2000 letters' });

/**
 * Questions by id, by text or by how it begins, with commas between them; more than once for texts with
 * commas.
 */
export const questionsQuery = z
  .union([z.array(questionList).max(20, { error: 'comes more than 20 times' }), questionList])
  .transform((given) => [given].flat().filter((list) => list.trim() !== ''))
  .refine((lists) => lists.join().split(',').length <= mostQuestions, {
    error: `names more than ${mostQuestions} questions`,
  })
  .transform((lists) => (lists.length === 0 ? null : lists))
  .default(null);

/** Parameters of `/stream`. */
export const streamQuery = z.object({
  after: wholeParameter('must be the seq of an event, a whole number', 0).default(0),
  last: wholeParameter('must be a whole number up to 1000', 0, 1000).optional(),
  types: eventTypes.optional(),
  questions: questionsQuery,
});
