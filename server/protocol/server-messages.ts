import { z } from 'zod';
import { errorCodes } from '../errors.js';
import { liveSettingsSchema, sessionSettingsSchema } from './settings.js';

/** A message from the server, in wire format. */
export type ServerMessage = z.infer<typeof serverMessageSchema>;

const score = z.number().min(0).max(1);
const count = z.int().min(0);
const milliseconds = z.number().min(0);
const clientEventId = z.string().nullable();
const errorCode = z.enum(errorCodes);

/** Fields of every event in a session's record. */
const envelope = {
  seq: z.int().min(1).describe('Strictly increasing within a session, from 1'),
  video_time: z.number().describe('Seconds on the media clock'),
  elapsed_ms: milliseconds.describe('Milliseconds since the session was opened'),
};

const sessionEvents = [
  z.strictObject({
    type: z.literal('session.opened'),
    ...envelope,
    session_id: z.string(),
    model: z.string(),
    settings: sessionSettingsSchema,
  }),
  z.strictObject({
    type: z.literal('session.updated'),
    ...envelope,
    settings: liveSettingsSchema,
    client_event_id: clientEventId,
  }),
  z.strictObject({ type: z.literal('session.closed'), ...envelope, reason: z.string() }),
  z.strictObject({
    type: z.literal('session.reopened'),
    ...envelope,
    model: z.string(),
    settings: sessionSettingsSchema,
    ended_by: z.string().nullable().describe('Why it had ended; null if its server was lost'),
    away_ms: milliseconds.describe('From its last recorded event until now'),
    kept_texts: count.describe('User texts that its new context was told again'),
    lost_events: count.describe('Events a client has seen that were lost with the machine'),
    source: z.string().nullable().describe('The source being opened again'),
  }),
  z.strictObject({
    type: z.literal('session.record.failed'),
    ...envelope,
    code: errorCode,
    message: z.string(),
  }),
  z.strictObject({
    type: z.literal('session.record.recovered'),
    ...envelope,
    missed_events: count.describe('Events that are missing from the record on disk'),
  }),
  z.strictObject({
    type: z.literal('session.context.renewed'),
    ...envelope,
    forgotten_tokens: count,
    kept_texts: count,
  }),
  z.strictObject({
    type: z.literal('session.context.evicted'),
    ...envelope,
    forgotten_tokens: count,
    forgotten_frames: count,
    forgotten_texts: count,
    held_tokens: count,
    held_frames: count,
    held_texts: count,
    held_bytes: count.nullable(),
  }),
  z.strictObject({
    type: z.literal('session.lagging'),
    ...envelope,
    queued_frames: count,
    dropped_frames: count,
    behind_seconds: z.number(),
  }),
] as const;

const videoInfo = z.strictObject({
  width: count,
  height: count,
  fps: z.number().nullable(),
  duration: z.number().nullable(),
  codec: z.string(),
  live: z.boolean(),
});

const sourceEvents = [
  z.strictObject({
    type: z.literal('source.opened'),
    ...envelope,
    source: z.string(),
    info: videoInfo,
    sampling_fps: z.number().positive(),
  }),
  z.strictObject({
    type: z.literal('source.clock.changed'),
    ...envelope,
    pushed_time: z.number().describe("Time of the picture that showed it, on the client's own clock"),
    offset: z.number().describe("From now on video_time is the client's time plus this"),
  }),
  z.strictObject({
    type: z.literal('source.resized'),
    ...envelope,
    width: count.describe('Pixels, as shown, from now on'),
    height: count,
  }),
  z.strictObject({
    type: z.literal('source.stalled'),
    ...envelope,
    silent_seconds: z.number().min(0).describe('How long no picture has come'),
  }),
  z.strictObject({
    type: z.literal('source.reconnecting'),
    ...envelope,
    attempt: z.int().min(1).describe('Which attempt this will be since the source was last well'),
    delay_ms: milliseconds.describe('How long the server waits before it'),
    code: errorCode,
    message: z.string().describe('Why it is tried again'),
  }),
  z.strictObject({
    type: z.literal('source.reopened'),
    ...envelope,
    gap_seconds: z.number().min(0).describe('How long no picture came; video_time goes on by as much'),
    attempts: count.describe('Connections that it took; 0 where the old one held'),
    info: videoInfo,
  }),
  z.strictObject({
    type: z.literal('source.ended'),
    ...envelope,
    frames: count,
    dropped_frames: count,
    waiting_texts: count.describe('User texts for moments that never came; a later source may reach them'),
    reason: z.enum(['finished', 'stopped']),
    warnings: z
      .array(z.string())
      .readonly()
      .describe('What the decoder complained of, such as a file that was cut off'),
  }),
  z.strictObject({
    type: z.literal('source.failed'),
    ...envelope,
    code: errorCode,
    message: z.string(),
    retryable: z.boolean(),
  }),
] as const;

const questionId = z
  .string()
  .nullable()
  .describe('The standing question it is about; null if that cannot be told, or there is none');

/** What was decided after a frame. */
const turnTrace = {
  question_id: questionId,
  informative_score: score,
  relevance_score: score,
  score: z.number().min(0).max(2),
  running_sum: z.number().nullable(),
  threshold: z.number().nullable(),
  fired: z.boolean(),
  reason: z.enum([
    'fired',
    'score_not_above_threshold',
    'sum_not_above_threshold',
    'score_not_above_deviation',
    'warming_up',
    'not_rearmed',
    'cooldown',
    'budget_spent',
    'no_visible_change',
    'policy_never',
  ]),
  picture_change: score.nullable().describe('How much the picture differs from that of the last reply'),
};

const frameScored = z.strictObject({
  type: z.literal('frame.scored'),
  ...envelope,
  frame_index: count,
  ...turnTrace,
  questions: z
    .array(z.strictObject(turnTrace))
    .readonly()
    .describe('The same for each question, where several are judged apart; above is the nearest to a reply'),
});

const timing = z.strictObject({
  fired_ms: milliseconds,
  first_token_ms: milliseconds.nullable(),
  finished_ms: milliseconds,
});

const question = {
  question_id: z.string(),
  text: z.string(),
  threshold: z.number().nullable().describe("What its scores must exceed; null for the policy's threshold"),
};

const questionEvents = [
  z.strictObject({
    type: z.literal('question.added'),
    ...envelope,
    ...question,
    client_event_id: clientEventId,
  }),
  z.strictObject({
    type: z.literal('question.removed'),
    ...envelope,
    question_id: z.string(),
    client_event_id: clientEventId,
  }),
] as const;

const talkEvents = [
  z.strictObject({
    type: z.literal('user.text.inserted'),
    ...envelope,
    question_id: z.string(),
    text: z.string(),
    client_event_id: clientEventId,
    requested_time: z.number().nullable(),
  }),
  z.strictObject({
    type: z.literal('response.started'),
    ...envelope,
    response_id: z.string(),
    question_id: questionId,
    frame_index: count,
  }),
  z.strictObject({
    type: z.literal('response.text.delta'),
    ...envelope,
    response_id: z.string(),
    delta: z.string(),
  }),
  z.strictObject({
    type: z.literal('response.done'),
    ...envelope,
    response_id: z.string(),
    question_id: questionId,
    status: z.enum(['completed', 'cancelled', 'failed']),
    finish: z.enum(['end', 'length']).nullable(),
    text: z.string(),
    tokens: count,
    kept: z.boolean(),
    timing,
  }),
  z.strictObject({
    type: z.literal('response.suppressed'),
    ...envelope,
    response_id: z.string(),
    question_id: questionId,
    frame_index: count,
    reason: z.enum(['nothing_new', 'same_beginning']),
    repeats: z.string().describe('Identifier of the earlier reply'),
    text: z.string(),
    tokens: count,
    timing,
  }),
] as const;

/**
 * One line of a session's record: sent over the socket, printed by `duet watch --json`, stored as JSON lines.
 */
export const sessionEventSchema = z.discriminatedUnion('type', [
  ...sessionEvents,
  ...sourceEvents,
  frameScored,
  ...questionEvents,
  ...talkEvents,
]);

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
  pongSchema,
  errorMessageSchema,
]);

/** An event of a session's record, in wire format. */
export type WireEvent = z.infer<typeof sessionEventSchema>;

/** The `error` message, in wire format. */
export type ErrorMessage = z.infer<typeof errorMessageSchema>;
