import { z } from 'zod';
import { errorCodes } from '../../errors.js';
import { footageKinds } from '../../settings/footage.js';
import { count, milliseconds } from '../message-fields.js';

const listOf = <Item extends z.ZodType>(item: Item) => z.strictObject({ data: z.array(item) });

/** What every refused or failed request is answered with. */
const error = z.strictObject({
  error: z.strictObject({
    code: z.enum(errorCodes),
    message: z.string().describe('What is wrong, and what to do'),
  }),
});

const health = z.strictObject({ status: z.literal('ok') });

const readiness = z.strictObject({
  status: z
    .enum(['ready', 'full', 'saturated', 'stopping'])
    .describe('`saturated`: another source in real time would make others late'),
  sessions: count,
  max_sessions: count,
  realtime_sources: count,
  retry_after_ms: milliseconds.exactOptional(),
});

const model = z.strictObject({
  name: z.string().describe('What `session.open` takes as `model`'),
  version: z.string(),
  description: z.string(),
  precision: z.string().nullable(),
  tasks: z.array(z.string()).describe('What `session.open` takes as `task`'),
  footage: z.enum(footageKinds).describe('The pictures it was made for'),
  languages: z.array(z.string()).nullable().describe('BCP 47 tags'),
  sees: z.record(z.string(), z.string()).describe('What it can see, by language'),
  suggestions: z
    .record(z.string(), z.array(z.string()))
    .describe('Questions it can do something with, by language'),
  remote: z
    .strictObject({
      host: z.string(),
      decides: z.string().nullable().describe('How, in words; null before it was first asked'),
    })
    .nullable()
    .describe('Where its pictures go; null for a model that runs on the server'),
});

const sample = z.strictObject({
  name: z.string(),
  footage: z.enum(footageKinds),
  url: z.string(),
  questions: z.array(
    z.strictObject({
      text: z.string(),
      video_time: z.number(),
      spans: z.array(z.tuple([z.number(), z.number()])).describe('When an answer is due, from and to'),
    }),
  ),
});

const protocol = z.enum(['rtmp', 'srt']);

const offeredSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['sample', 'pictures', 'container']) }),
  z.strictObject({ type: z.literal('upload'), max_bytes: count }),
  z.strictObject({
    type: z.literal('url'),
    private: z.boolean().describe('Also on its own machine and network'),
  }),
  z.strictObject({ type: z.literal('ingest'), protocol }),
]);

const upload = z.strictObject({ upload_id: z.string(), bytes: count, url: z.string() });

const turn = z.strictObject({
  role: z.enum(['user', 'assistant']),
  video_time: z.number(),
  elapsed_ms: milliseconds,
  text: z.string(),
  status: z.string().exactOptional().describe('How a reply ended, or `suppressed`'),
});

const sessionSummary = z.strictObject({
  session_id: z.string(),
  model: z.string(),
  status: z
    .enum(['open', 'interrupted', 'ended'])
    .describe('`interrupted`: its server was lost before it was closed'),
  reason: z.string().nullable().describe('Why it was closed'),
  source: z.string().nullable().describe('What it watched last; null if nothing, or not known'),
  opened_at: z.iso.datetime().nullable(),
  last_event_at: z.iso.datetime().nullable(),
  last_seq: count,
  video_time: z.number(),
  frames: count.nullable(),
  replies: count.nullable(),
  bytes: count,
});

const memory = z.strictObject({ tokens: count, bytes: count.nullable(), frames: count, texts: count });

const session = sessionSummary.extend({
  settings: z.record(z.string(), z.unknown()).describe('As in `session.opened`, maybe of another version'),
  memory: memory.nullable().describe('What its context holds; null once it has ended'),
  transcript: z.array(turn),
});

/** The JSON answers of the HTTP side by name; a server's answers are checked against them in tests. */
export const httpAnswers = {
  Error: error,
  Health: health,
  Readiness: readiness,
  Model: model,
  Models: listOf(model),
  Sample: sample,
  Samples: listOf(sample),
  OfferedSource: offeredSource,
  Sources: listOf(offeredSource),
  IngestProtocols: listOf(z.strictObject({ protocol })),
  Upload: upload,
  SessionSummary: sessionSummary,
  Sessions: z.strictObject({ data: z.array(sessionSummary), next_cursor: z.string().nullable() }),
  Session: session,
  Turn: turn,
  Transcript: z.strictObject({ transcript: z.array(turn) }),
  Document: z.record(z.string(), z.unknown()),
} as const satisfies Readonly<Record<string, z.ZodType>>;
