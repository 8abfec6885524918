import { z } from 'zod';
import { errorCodes } from '../errors.js';

/** Duration in milliseconds. */
export const milliseconds = z.number().min(0);

/** Fields of every event in a session's record. */
export const envelope = {
  seq: z.int().min(1).describe('Strictly increasing within a session, from 1'),
  video_time: z.number().describe('Seconds on the media clock'),
  elapsed_ms: milliseconds.describe('Milliseconds since the session was opened'),
};

/** How many of something. */
export const count = z.int().min(0);

/** The `event_id` of the client's message that this answers; null if it had none. */
export const clientEventId = z.string().nullable();

/** A stable code, see PROTOCOL.md. */
export const errorCode = z.enum(errorCodes);

/** A standing question. */
export const question = {
  question_id: z.string(),
  text: z.string(),
  threshold: z.number().nullable().describe("What its scores must exceed; null for the policy's threshold"),
};
