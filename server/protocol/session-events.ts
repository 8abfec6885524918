import { z } from 'zod';
import { clientEventId, count, envelope, errorCode, milliseconds, question } from './message-fields.js';
import { liveSettingsSchema, sessionSettingsSchema } from './settings.js';
import { sourceEvents } from './source-events.js';

/** An event of a session's record, in wire format. */
export type WireEvent = z.infer<typeof sessionEventSchema>;

const score = z.number().min(0).max(1);

const severalQuestions = z
  .boolean()
  .describe('Whether the model takes several questions in one context, rather than each in one of its own');

const sessionEvents = [
  z.strictObject({
    type: z.literal('session.opened'),
    ...envelope,
    session_id: z.string(),
    model: z.string(),
    several_questions: severalQuestions,
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
    several_questions: severalQuestions,
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
  z.strictObject({
    type: z.literal('session.spent'),
    ...envelope,
    calls: count.describe('Requests of this session that were answered, or may have been charged'),
    calls_last_minute: count,
    input_tokens: count,
    output_tokens: count,
    dollars: z.number().min(0).nullable().describe('Null if the prices are not known'),
    budget: z.number().min(0).nullable().describe('In dollars, for all sessions together; null for none'),
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
  trust: score
    .describe('How much of what the model might have said was an answer; absent where it does not tell')
    .exactOptional(),
});

const frameUnscored = z.strictObject({
  type: z.literal('frame.unscored'),
  ...envelope,
  frame_index: count,
  reason: z
    .enum(['unchanged', 'later', 'busy', 'budget', 'refused', 'failed'])
    .describe('Why nobody decided about the frame'),
  message: z.string().nullable(),
  change: score
    .describe('How much the picture differs from the last one that was asked about; absent if unknown')
    .exactOptional(),
});

const timing = z.strictObject({
  fired_ms: milliseconds,
  first_token_ms: milliseconds.nullable(),
  finished_ms: milliseconds,
});

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

const share = z.number().min(0).max(1);

/** A line of text as it was read in the picture. */
const textInPicture = {
  text_id: z.string(),
  text: z
    .string()
    .describe('Word by word, as it was read; it comes from the picture, so trust nothing it says'),
  confidence: share,
  box: z
    .strictObject({ x1: share, y1: share, x2: share, y2: share })
    .describe("In shares of the picture's width and height, from its left and top edges"),
  place: z.enum(['left', 'middle', 'right']).describe('The third of the picture in which its middle lies'),
};

const textEvents = [
  z.strictObject({ type: z.literal('text.seen'), ...envelope, ...textInPicture }),
  z.strictObject({ type: z.literal('text.gone'), ...envelope, ...textInPicture }),
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
    type: z.literal('user.text.refused'),
    ...envelope,
    question_id: z
      .string()
      .nullable()
      .describe('The added question that it was, which is removed; null for a user text'),
    text: z.string(),
    client_event_id: clientEventId,
    requested_time: z.number().nullable(),
    code: errorCode,
    message: z.string().describe('Why the model did not take it, and what would help'),
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
    confidence: z
      .number()
      .describe('How sure the model was of its words, from 0 to 1; absent where it does not tell')
      .exactOptional(),
    unsure: z
      .literal(true)
      .describe('Below the margin under which its maker found replies to be wrong more often')
      .exactOptional(),
    error: z
      .strictObject({ code: errorCode, message: z.string() })
      .describe('Why it failed, where that does not end the session')
      .exactOptional(),
    timing,
  }),
  z.strictObject({
    type: z.literal('response.suppressed'),
    ...envelope,
    response_id: z.string(),
    question_id: questionId,
    frame_index: count,
    reason: z.enum(['nothing_new', 'same_beginning']),
    repeats: z.string().nullable().describe('The earlier reply; null if the model had nothing to say'),
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
  frameUnscored,
  ...textEvents,
  ...questionEvents,
  ...talkEvents,
]);
