import { expect, test } from 'vitest';
import { protocolJsonSchema } from '../../server/protocol/published/json-schema.js';
import { serverMessageSchema, type ServerMessage } from '../../server/protocol/server-messages.js';
import { onlyLive } from '../../server/settings/controls.js';
import { wireSettings } from '../client/wire-events.js';

const place = { seq: 1, video_time: 0, elapsed_ms: 0.5 };
const info = { width: 640, height: 360, fps: null, duration: null, codec: 'h264', live: true };
const timing = { fired_ms: 1, first_token_ms: null, finished_ms: 2 };

/** One message of each type. */
const messages: readonly ServerMessage[] = [
  {
    type: 'session.opened',
    ...place,
    session_id: 's',
    model: 'm',
    several_questions: false,
    settings: wireSettings,
  },
  { type: 'session.updated', ...place, settings: onlyLive(wireSettings), client_event_id: null },
  { type: 'session.closed', ...place, reason: 'client_request' },
  {
    ...{ type: 'session.reopened', ...place, model: 'm', several_questions: true, settings: wireSettings },
    ...{ ended_by: null, away_ms: 9, kept_texts: 1, lost_events: 0, source: 'street' },
  },
  { type: 'session.record.failed', ...place, code: 'storage_full', message: 'full' },
  { type: 'session.record.recovered', ...place, missed_events: 3 },
  { type: 'session.context.renewed', ...place, forgotten_tokens: 9, kept_texts: 1 },
  {
    ...{ type: 'session.context.evicted', ...place, forgotten_tokens: 64, forgotten_frames: 16 },
    ...{ forgotten_texts: 0, held_tokens: 512, held_frames: 120, held_texts: 1, held_bytes: null },
  },
  { type: 'session.lagging', ...place, queued_frames: 3, dropped_frames: 0, behind_seconds: 1.5 },
  {
    ...{ type: 'session.spent', ...place, calls: 3, calls_last_minute: 2, input_tokens: 2700 },
    ...{ output_tokens: 9, dollars: 0.002, budget: null },
  },
  { type: 'source.opened', ...place, source: 'street', info, sampling_fps: 2 },
  { type: 'source.clock.changed', ...place, pushed_time: 1e9, offset: -1e9 },
  { type: 'source.resized', ...place, width: 1280, height: 720 },
  { type: 'source.stalled', ...place, silent_seconds: 5 },
  {
    ...{ type: 'source.reconnecting', ...place, attempt: 1, delay_ms: 480 },
    ...{ code: 'source_failed', message: 'gone' },
  },
  { type: 'source.reopened', ...place, gap_seconds: 5.5, attempts: 2, info },
  {
    ...{ type: 'source.ended', ...place, frames: 4, dropped_frames: 0, waiting_texts: 0 },
    ...{ reason: 'stopped', warnings: ['cut off'] },
  },
  { type: 'source.failed', ...place, code: 'source_failed', message: 'gone', retryable: true },
  {
    ...{ type: 'frame.scored', ...place, frame_index: 0, informative_score: 1, relevance_score: 1, score: 2 },
    ...{
      running_sum: null,
      picture_change: null,
      question_id: null,
      threshold: 0.5,
      fired: true,
      reason: 'fired',
    },
    questions: [],
  },
  { type: 'frame.unscored', ...place, frame_index: 1, reason: 'unchanged', message: null },
  ...(['text.seen', 'text.gone'] as const).map((type) => ({
    ...{ type, ...place, text_id: 'text_1', text: 'STOP', confidence: 0.98 },
    ...{ box: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.3 }, place: 'left' as const },
  })),
  { type: 'question.added', ...place, question_id: 'q', text: 'What?', threshold: 0.5, client_event_id: 'e' },
  { type: 'question.removed', ...place, question_id: 'q', client_event_id: null },
  {
    type: 'user.text.inserted',
    ...place,
    question_id: 'question_1',
    text: 'What?',
    client_event_id: 'e',
    requested_time: 3,
  },
  {
    ...{ type: 'user.text.refused', ...place, question_id: null, text: 'What?', client_event_id: 'e' },
    ...{ requested_time: 3, code: 'context_full', message: 'shorten it' },
  },
  { type: 'response.started', ...place, question_id: null, response_id: 'r', frame_index: 0 },
  { type: 'response.text.delta', ...place, response_id: 'r', delta: 'A' },
  {
    ...{
      type: 'response.done',
      ...place,
      question_id: null,
      response_id: 'r',
      status: 'failed',
      finish: null,
      text: '',
    },
    ...{ tokens: 0, kept: false, timing },
  },
  {
    ...{
      type: 'response.suppressed',
      ...place,
      question_id: null,
      response_id: 'r2',
      frame_index: 0,
      reason: 'nothing_new',
    },
    ...{ repeats: 'r', text: 'A', tokens: 1, timing },
  },
  {
    ...{ type: 'session.resumed', session_id: 's', model: 'm', settings: wireSettings },
    ...{ after_seq: 0, last_seq: 0, client_event_id: null },
  },
  { type: 'session.shared', token: 't', client_event_id: 'e' },
  { type: 'session.unshared', client_event_id: null },
  {
    ...{ type: 'session.following', session_id: 'n', model: 'm', settings: wireSettings, status: 'open' },
    ...{ video_time: 4, transcript: [], after_seq: 7, client_event_id: null },
  },
  {
    type: 'question.listed',
    questions: [{ question_id: 'q', text: 'What?', threshold: null }],
    client_event_id: 'l',
  },
  {
    ...{ type: 'source.waiting', url: 'rtmp://127.0.0.1:1935/live', key: 'k' },
    ...{ expires_in_ms: 600_000, client_event_id: 's' },
  },
  { type: 'pong', client_event_id: 'p' },
  {
    ...{ type: 'error', code: 'busy', message: 'later', param: null, client_event_id: null },
    ...{ retryable: true, retry_after_ms: 1000 },
  },
];

test.each(messages)('$type is published as it is sent', (message) => {
  expect(serverMessageSchema.parse(message)).toEqual(message);
});

test('every type is among them, once', () => {
  const types = serverMessageSchema.options.map(({ shape }) => shape.type.value);
  expect(messages.map(({ type }) => type)).toEqual(types);
});

test.each(messages)('$type requires every field and allows no other', (message) => {
  for (const field of Object.keys(message).filter((name) => name !== 'retry_after_ms')) {
    const rest = Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
    expect(serverMessageSchema.safeParse(rest).success, `without ${field}`).toBe(false);
  }
  expect(serverMessageSchema.safeParse({ ...message, extra: 1 }).success).toBe(false);
});

test.each([
  ['a number of an event below 1', { ...messages[2], seq: 0 }],
  ['a score above 1 a head', { ...messages[9], informative_score: 1.01 }],
  ['a reason that nobody knows', { ...messages[9], reason: 'bored' }],
  ['settings that are not whole', { ...messages[0], settings: { heads: ['informative'] } }],
  ['fixed settings in an update', { ...messages[1], settings: wireSettings }],
  ['a code that is no error', { ...messages[16], code: 'oops' }],
])('%s is not a message of the protocol', (_what, message) => {
  expect(serverMessageSchema.safeParse(message).success).toBe(false);
});

test('the published JSON Schema names every message of both directions, and explains itself', () => {
  const { $schema, $defs } = protocolJsonSchema();
  expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
  const of = (side: string): JsonObject[] => {
    const { oneOf } = $defs[side] as { oneOf: { $ref: string }[] };
    return oneOf.map(({ $ref }) => $defs[$ref.replace('#/$defs/', '')] as unknown as JsonObject);
  };
  expect(of('ServerMessage').map((each) => each.properties['type']?.const)).toEqual(
    messages.map(({ type }) => type),
  );
  expect(of('ClientMessage')).toHaveLength(20);
  for (const each of [...of('ClientMessage'), ...of('ServerMessage')]) {
    expect(each.additionalProperties).toBe(false);
    expect(each.description).toMatch(/^[A-Z]/);
  }
  const settings = ['SessionSettings', 'LiveSettings', 'SessionSettingsPatch', 'LiveSettingsPatch'];
  for (const { properties } of settings.map((name) => $defs[name] as unknown as JsonObject)) {
    expect(Object.keys(properties).length).toBeGreaterThan(10);
    for (const setting of Object.values(properties)) expect(setting.description).toMatch(/^[A-Z]/);
  }
});

interface JsonObject {
  readonly additionalProperties: boolean;
  readonly description: string;
  readonly properties: Readonly<Record<string, { readonly const?: string; readonly description?: string }>>;
}
