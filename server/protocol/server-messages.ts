import { z } from 'zod';
import { clientEventId, count, errorCode, milliseconds, question } from './message-fields.js';
import { sessionEventSchema } from './session-events.js';
import { sessionSettingsSchema } from './settings.js';

/** A message from the server, in wire format. */
export type ServerMessage = z.infer<typeof serverMessageSchema>;

/** Answers `session.resume`; the events after `after_seq` follow. */
const sessionResumedSchema = z.strictObject({
  type: z.literal('session.resumed'),
  session_id: z.string(),
  model: z.string(),
  settings: sessionSettingsSchema,
  after_seq: count,
  last_seq: count.describe('Its newest event; a session.closed up to it is over, for the session goes on'),
  client_event_id: clientEventId,
});

/** Answers `session.share`: whoever has the token may follow the session. */
const sessionSharedSchema = z.strictObject({
  type: z.literal('session.shared'),
  token: z.string(),
  client_event_id: clientEventId,
});

/** Answers `session.unshare`. */
const sessionUnsharedSchema = z.strictObject({
  type: z.literal('session.unshared'),
  client_event_id: clientEventId,
});

/** Answers `session.follow`; the events after `after_seq` follow. */
const sessionFollowingSchema = z.strictObject({
  type: z.literal('session.following'),
  session_id: z.string().describe('A name for it; the id itself would be the key to controlling it'),
  model: z.string(),
  settings: sessionSettingsSchema,
  status: z.enum(['open', 'interrupted', 'ended']),
  video_time: z.number(),
  transcript: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant']),
        video_time: z.number(),
        elapsed_ms: milliseconds,
        text: z.string(),
        status: z.string().exactOptional(),
      }),
    )
    .readonly()
    .describe('What was said last, up to after_seq'),
  after_seq: count,
  client_event_id: clientEventId,
});

/** Answers `question.list`: those that were added, then the newest user texts. */
const questionListedSchema = z.strictObject({
  type: z.literal('question.listed'),
  questions: z.array(z.strictObject(question)).readonly(),
  client_event_id: clientEventId,
});

/**
 * Answers `source.start` with `ingest`: where the sender is to push. `source.opened` follows once it does.
 */
const sourceWaitingSchema = z.strictObject({
  type: z.literal('source.waiting'),
  url: z.string().describe('Address for the sender; for SRT with the key in it'),
  key: z.string().describe('Whoever has it may push into this source'),
  expires_in_ms: milliseconds.describe('Time until the key is void, if it is not used'),
  client_event_id: clientEventId,
});

/** Answers `ping`. */
const pongSchema = z.strictObject({ type: z.literal('pong'), client_event_id: clientEventId });

/** A request failed. The connection stays open unless a close code follows. */
const errorMessageSchema = z.strictObject({
  type: z.literal('error'),
  code: errorCode,
  message: z.string(),
  param: z.string().nullable().describe('Path of the offending field'),
  client_event_id: clientEventId,
  retryable: z.boolean().describe('Whether sending the same again later can help'),
  retry_after_ms: milliseconds.exactOptional().describe('How much later, where there is reason to say so'),
});

/**
 * Every message the server may send: events of the record have a `seq`, responses to one connection do not.
 */
export const serverMessageSchema = z.discriminatedUnion('type', [
  ...sessionEventSchema.options,
  sessionResumedSchema,
  sessionSharedSchema,
  sessionUnsharedSchema,
  sessionFollowingSchema,
  questionListedSchema,
  sourceWaitingSchema,
  pongSchema,
  errorMessageSchema,
]);

/** The `error` message, in wire format. */
export type ErrorMessage = z.infer<typeof errorMessageSchema>;
