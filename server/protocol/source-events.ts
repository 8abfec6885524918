import { z } from 'zod';
import { count, envelope, errorCode, milliseconds } from './message-fields.js';

const videoInfo = z.strictObject({
  width: count,
  height: count,
  fps: z.number().nullable(),
  duration: z.number().nullable(),
  codec: z.string(),
  live: z.boolean(),
});

/** What happens to a session's source. */
export const sourceEvents = [
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
