import type { SnakeCasedPropertiesDeep } from 'type-fest';
import { expect, expectTypeOf, test } from 'vitest';
import type { SessionEvent } from '../../server/duet/record/events.js';
import {
  defaultSettings,
  type LiveSettings,
  type SessionSettings,
} from '../../server/settings/session-settings.js';
import { clientMessageSchema } from '../../server/protocol/client-messages.js';
import { sessionEventSchema, type WireEvent } from '../../server/protocol/session-events.js';
import type { WireLiveSettings, WireSessionSettings } from '../../server/settings/wire-name.js';
import { fromWire } from '../../server/transport/wire.js';
import { toWire } from '../../server/records/wire-event.js';

test('renamed events and settings are exactly what the schemas publish', () => {
  expectTypeOf<WireEvent>().toExtend<SnakeCasedPropertiesDeep<SessionEvent>>();
  expectTypeOf<SnakeCasedPropertiesDeep<SessionEvent>>().toExtend<WireEvent>();
  expectTypeOf<WireLiveSettings>().toExtend<SnakeCasedPropertiesDeep<LiveSettings>>();
  expectTypeOf<SnakeCasedPropertiesDeep<LiveSettings>>().toExtend<WireLiveSettings>();
  expectTypeOf<WireSessionSettings>().toExtend<SnakeCasedPropertiesDeep<SessionSettings>>();
  expectTypeOf<SnakeCasedPropertiesDeep<SessionSettings>>().toExtend<WireSessionSettings>();
});

const place = { seq: 3, videoTime: 1.5, elapsedMs: 20.25 };

test('keys are renamed at every depth, values never', () => {
  const text = 'snake_case camelCase {"videoTime": 1}';
  const timing = { firedMs: 1, firstTokenMs: null, finishedMs: 2 };
  const ending = { status: 'completed', finish: 'end', tokens: 2, kept: true } as const;
  const event = {
    type: 'response.done',
    questionId: null,
    responseId: 'response_1',
    text,
    timing,
    ...ending,
    ...place,
  } as const;
  expect(toWire(event)).toEqual({
    type: 'response.done',
    question_id: null,
    response_id: 'response_1',
    text,
    timing: { fired_ms: 1, first_token_ms: null, finished_ms: 2 },
    ...ending,
    ...{ seq: 3, video_time: 1.5, elapsed_ms: 20.25 },
  });
});

test('what the server sends passes its own published schema', () => {
  const policy = { type: 'zscore', deviations: 2, window: 9, warmUp: 4 } as const;
  const event: SessionEvent = {
    type: 'session.updated',
    clientEventId: 'e_1',
    settings: {
      ...defaultSettings.live,
      heads: ['informative', 'relevance'],
      policy,
      cooldown: 0,
      assistantTurns: 'keep',
      interrupt: 'finish',
      repetitionPenalty: 1.2,
      maxReplyTokens: 9,
    },
    ...place,
  };
  expect(sessionEventSchema.parse(toWire(event))).toMatchObject({ settings: { policy: { warm_up: 4 } } });
});

test("a client message gets the server's key names, and its text is untouched", () => {
  const message = clientMessageSchema.parse({
    type: 'source.start',
    event_id: 'my_id',
    source: { type: 'upload', upload_id: 'an_id' },
    max_frames: 7,
  });
  expect(fromWire(message)).toEqual({
    type: 'source.start',
    eventId: 'my_id',
    source: { type: 'upload', uploadId: 'an_id' },
    maxFrames: 7,
  });
});
