import { z } from 'zod';
import { personText, settingSchemas } from '../settings/schema.js';
import { maxTextBytes } from '../settings/session-settings.js';
import { maxEventIdLength, maxVideoTime } from './limits.js';
import { liveSettingsPatchSchema, sessionSettingsPatchSchema } from './settings.js';

const eventId = z.string().min(1).max(maxEventIdLength);
const name = z.string().min(1).max(256);
const seq = z.int().min(0);

/** Fields every client message may carry. */
const envelope = { event_id: eventId.exactOptional() };

/** Opens this connection's one session. */
const sessionOpenSchema = z.strictObject({
  ...envelope,
  type: z.literal('session.open'),
  model: name.exactOptional(),
  task: name.exactOptional(),
  settings: sessionSettingsPatchSchema.exactOptional(),
});

/** Changes settings of the running session; answered by `session.updated`. */
const sessionUpdateSchema = z.strictObject({
  ...envelope,
  type: z.literal('session.update'),
  settings: liveSettingsPatchSchema,
});

/** Takes over a session whose connection was lost; without `after_seq` it continues after the last `ack`. */
const sessionResumeSchema = z.strictObject({
  ...envelope,
  type: z.literal('session.resume'),
  session_id: name,
  after_seq: seq.exactOptional(),
});

/** Asks for a token with which others may follow the session; answered by `session.shared`. */
const sessionShareSchema = z.strictObject({ ...envelope, type: z.literal('session.share') });

/** Takes all tokens back and disconnects those who follow; answered by `session.unshared`. */
const sessionUnshareSchema = z.strictObject({ ...envelope, type: z.literal('session.unshare') });

/**
 * Reads a session without controlling it; answered by `session.following`. Without `after_seq` events begin
 * with what happens next, or with the reply that is being written.
 */
const sessionFollowSchema = z.strictObject({
  ...envelope,
  type: z.literal('session.follow'),
  token: name,
  after_seq: seq.exactOptional(),
});

/**
 * How long the session goes on without a client from when this one has gone, rather than the grace period.
 */
const sessionKeepSchema = z.strictObject({
  ...envelope,
  type: z.literal('session.keep'),
  seconds: z.number().min(0).max(1_000_000).describe('Default: as long as the server allows').exactOptional(),
});

/** Ends the session; answered by `session.closed`, then the connection closes. */
const sessionCloseSchema = z.strictObject({ ...envelope, type: z.literal('session.close') });

/** What can be watched. */
export const sourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sample'), name }),
  z.strictObject({ type: z.literal('file'), path: z.string().min(1).max(4096) }),
  z.strictObject({ type: z.literal('upload'), upload_id: name }),
  z.strictObject({
    type: z.literal('url'),
    url: z.url().max(4096),
    transport: z.enum(['tcp', 'udp']).describe('How RTSP sends its pictures; default tcp').exactOptional(),
  }),
  z.strictObject({ type: z.literal('pictures') }),
  z.strictObject({ type: z.literal('container'), format: z.enum(['webm', 'mp4', 'mpegts']) }),
  z.strictObject({ type: z.literal('ingest'), protocol: z.enum(['rtmp', 'srt']) }),
]);

/** Starts the one source of the session; answered by `source.opened`. */
const sourceStartSchema = z.strictObject({
  ...envelope,
  type: z.literal('source.start'),
  source: sourceSchema,
  pacing: z.enum(['fast', 'realtime']).exactOptional(),
  fps: settingSchemas.fps.describe('Frames per second to sample').exactOptional(),
  max_frames: z.int().min(1).max(1_000_000_000).exactOptional(),
  sampler: z.enum(['timestamps', 'grid', 'keyframes', 'reference']).exactOptional(),
  max_reconnects: z
    .int()
    .min(0)
    .max(1_000_000)
    .describe('Attempts in a row to connect again to a live source; default: without end')
    .exactOptional(),
  preview: z
    .boolean()
    .describe('Whether somebody will look at picture.jpg, which is then up to 640 pixels wide; default false')
    .exactOptional(),
});

/** Stops the source's clock. */
const sourcePauseSchema = z.strictObject({ ...envelope, type: z.literal('source.pause') });

/** Continues a paused source. */
const sourceResumeSchema = z.strictObject({ ...envelope, type: z.literal('source.resume') });

/** What was pushed is still watched; then the source ends. */
const sourceEndSchema = z.strictObject({ ...envelope, type: z.literal('source.end') });

/** Ends the source; the session stays open and may start another. Also ends pushed pictures. */
const sourceStopSchema = z.strictObject({ ...envelope, type: z.literal('source.stop') });

/** A user text, inserted before the first frame at or after `video_time` (default: now). */
const userTextSchema = z.strictObject({
  ...envelope,
  type: z.literal('user.text'),
  text: personText(maxTextBytes),
  video_time: z.number().min(0).max(maxVideoTime).exactOptional(),
});

const questionId = z.string().min(1).max(maxEventIdLength);

/** Adds a question that stands until it is removed; answered by `question.added`. */
const questionAddSchema = z.strictObject({
  ...envelope,
  type: z.literal('question.add'),
  text: personText(maxTextBytes),
  id: questionId.exactOptional().describe('Default: numbered by the server'),
  threshold: z
    .number()
    .min(0)
    .max(1000)
    .exactOptional()
    .describe("What its scores must exceed; default: the policy's threshold"),
});

/** Removes a question, also a user text; answered by `question.removed`. */
const questionRemoveSchema = z.strictObject({
  ...envelope,
  type: z.literal('question.remove'),
  question_id: questionId,
});

/** Asks for the questions that stand; answered by `question.listed`. */
const questionListSchema = z.strictObject({ ...envelope, type: z.literal('question.list') });

/** Ends the reply being generated, if there is one. */
const responseCancelSchema = z.strictObject({ ...envelope, type: z.literal('response.cancel') });

/** Everything up to `seq` has arrived; `session.resume` without `after_seq` starts there. */
const ackSchema = z.strictObject({ ...envelope, type: z.literal('ack'), seq });

/** Asks for a `pong`. */
const pingSchema = z.strictObject({ ...envelope, type: z.literal('ping') });

/** Every JSON message a client may send. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  sessionOpenSchema,
  sessionUpdateSchema,
  sessionResumeSchema,
  sessionShareSchema,
  sessionUnshareSchema,
  sessionFollowSchema,
  sessionKeepSchema,
  sessionCloseSchema,
  sourceStartSchema,
  sourcePauseSchema,
  sourceResumeSchema,
  sourceEndSchema,
  sourceStopSchema,
  userTextSchema,
  questionAddSchema,
  questionRemoveSchema,
  questionListSchema,
  responseCancelSchema,
  ackSchema,
  pingSchema,
]);

/** A JSON message from a client, as it is on the wire. */
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** The source a client asks for. */
export type WireSource = z.infer<typeof sourceSchema>;
