import { expect, test } from 'vitest';
import { clientMessageSchema } from '../../server/protocol/client-messages.js';
import { maxEventIdLength, maxVideoTime } from '../../server/protocol/limits.js';
import { maxTextBytes } from '../../server/settings/session-settings.js';

/** The shortest and the fullest form of each message. */
const accepted: readonly Readonly<Record<string, unknown>>[] = [
  { type: 'session.open' },
  {
    ...{ type: 'session.open', event_id: 'e', model: 'duet-nano', task: 'magqa' },
    settings: {
      ...{ heads: ['relevance', 'informative'], policy: { type: 'never' }, cooldown: 86_400 },
      ...{ assistant_turns: 'keep', interrupt: 'finish', repetition_penalty: 10, max_reply_tokens: 4096 },
      ...{ fps: 60, system_prompt: 'Watch.', prompt_layout: 'reference', queue_limit: 1, batch_limit: 64 },
    },
  },
  { type: 'session.open', settings: {} },
  { type: 'session.update', settings: {} },
  {
    type: 'session.update',
    settings: { policy: { type: 'zscore', deviations: -100, window: 2, warm_up: 0 } },
  },
  { type: 'session.resume', session_id: 's' },
  { type: 'session.resume', session_id: 's', after_seq: 0 },
  { type: 'session.share' },
  { type: 'session.keep' },
  { type: 'session.keep', seconds: 60 },
  { type: 'session.unshare' },
  { type: 'session.follow', token: 't' },
  { type: 'session.follow', token: 't', after_seq: 0 },
  { type: 'session.close', event_id: 'x'.repeat(maxEventIdLength) },
  { type: 'source.start', source: { type: 'sample', name: 'street' } },
  {
    ...{ type: 'source.start', source: { type: 'file', path: '/videos/a.mp4' } },
    ...{ pacing: 'fast', fps: 0.001, max_frames: 1, sampler: 'grid' },
  },
  { type: 'source.start', source: { type: 'upload', upload_id: 'u' }, pacing: 'realtime' },
  { type: 'source.start', source: { type: 'url', url: 'https://example.org/a.mp4' }, sampler: 'reference' },
  { type: 'source.start', source: { type: 'pictures' }, sampler: 'timestamps' },
  { type: 'source.pause' },
  { type: 'source.resume' },
  { type: 'source.end' },
  { type: 'source.stop' },
  { type: 'user.text', text: 'x' },
  { type: 'user.text', text: 'é'.repeat(maxTextBytes / 2), video_time: maxVideoTime },
  { type: 'question.add', text: 'x' },
  {
    type: 'question.add',
    text: 'é'.repeat(maxTextBytes / 2),
    id: 'q'.repeat(maxEventIdLength),
    threshold: 0,
  },
  { type: 'question.remove', question_id: 'q' },
  { type: 'question.list' },
  { type: 'response.cancel' },
  { type: 'ack', seq: 0 },
  { type: 'ping', event_id: 'p' },
];

/** Refused messages, and the path of the field at fault. */
const refused: readonly (readonly [path: string, message: Readonly<Record<string, unknown>>])[] = [
  ['type', {}],
  ['type', { type: 'session.opened' }],
  ['event_id', { type: 'ping', event_id: '' }],
  ['event_id', { type: 'ping', event_id: 'x'.repeat(maxEventIdLength + 1) }],
  ['', { type: 'ping', payload: 1 }],
  ['model', { type: 'session.open', model: '' }],
  ['task', { type: 'session.open', task: 7 }],
  ['settings', { type: 'session.update' }],
  ['settings', { type: 'session.open', settings: { colour: 'red' } }],
  ['settings', { type: 'session.update', settings: { fps: 2 } }],
  ['settings.cooldown', { type: 'session.open', settings: { cooldown: undefined } }],
  ['text', { type: 'question.add', text: '' }],
  ['text', { type: 'question.add', text: 'x'.repeat(maxTextBytes + 1) }],
  ['id', { type: 'question.add', text: 'x', id: '' }],
  ['id', { type: 'question.add', text: 'x', id: 'q'.repeat(maxEventIdLength + 1) }],
  ['threshold', { type: 'question.add', text: 'x', threshold: -0.1 }],
  ['threshold', { type: 'question.add', text: 'x', threshold: 1001 }],
  ['question_id', { type: 'question.remove' }],
  ['settings.heads', { type: 'session.update', settings: { heads: [] } }],
  ['settings.heads', { type: 'session.update', settings: { heads: ['relevance', 'relevance'] } }],
  ['settings.heads.0', { type: 'session.update', settings: { heads: ['colour'] } }],
  ['settings.policy.type', { type: 'session.update', settings: { policy: { type: 'always' } } }],
  ['settings.policy.threshold', { type: 'session.update', settings: { policy: { type: 'threshold' } } }],
  [
    'settings.policy.threshold',
    { type: 'session.update', settings: { policy: { type: 'threshold', threshold: 2.01 } } },
  ],
  [
    'settings.policy.threshold',
    { type: 'session.update', settings: { policy: { type: 'sum', threshold: -1 } } },
  ],
  ['settings.policy', { type: 'session.update', settings: { policy: { type: 'never', threshold: 1 } } }],
  [
    'settings.policy.window',
    {
      type: 'session.update',
      settings: { policy: { type: 'zscore', deviations: 1, window: 1, warm_up: 0 } },
    },
  ],
  [
    'settings.policy.warm_up',
    {
      type: 'session.update',
      settings: { policy: { type: 'zscore', deviations: 1, window: 2, warm_up: 0.5 } },
    },
  ],
  ['settings.repetition_penalty', { type: 'session.update', settings: { repetition_penalty: 0 } }],
  ['settings.max_reply_tokens', { type: 'session.update', settings: { max_reply_tokens: 4097 } }],
  ['settings.system_prompt', { type: 'session.open', settings: { system_prompt: '' } }],
  ['settings.fps', { type: 'session.open', settings: { fps: 60.5 } }],
  ['settings.queue_limit', { type: 'session.open', settings: { queue_limit: 0 } }],
  ['settings.batch_limit', { type: 'session.open', settings: { batch_limit: 1.5 } }],
  ['session_id', { type: 'session.resume' }],
  ['after_seq', { type: 'session.resume', session_id: 's', after_seq: -1 }],
  ['source', { type: 'source.start' }],
  ['source.type', { type: 'source.start', source: { type: 'camera' } }],
  ['source.name', { type: 'source.start', source: { type: 'sample' } }],
  ['source.path', { type: 'source.start', source: { type: 'file', path: '' } }],
  ['source.upload_id', { type: 'source.start', source: { type: 'upload', upload_id: 'x'.repeat(257) } }],
  ['source.url', { type: 'source.start', source: { type: 'url', url: 'no address' } }],
  ['source', { type: 'source.start', source: { type: 'pictures', name: 'x' } }],
  ['pacing', { type: 'source.start', source: { type: 'pictures' }, pacing: 'slow' }],
  ['max_frames', { type: 'source.start', source: { type: 'pictures' }, max_frames: 0 }],
  ['sampler', { type: 'source.start', source: { type: 'pictures' }, sampler: 'random' }],
  ['text', { type: 'user.text', text: '' }],
  ['text', { type: 'user.text', text: 'x'.repeat(maxTextBytes + 1) }],
  ['video_time', { type: 'user.text', text: 'x', video_time: -0.1 }],
  ['video_time', { type: 'user.text', text: 'x', video_time: maxVideoTime * 2 }],
  ['seq', { type: 'ack' }],
  ['seq', { type: 'ack', seq: 1.5 }],
];

test.each(accepted)('%j is understood', (message) => {
  expect(clientMessageSchema.parse(message)).toEqual(message);
});

test('every message type of the protocol is tested', () => {
  const types = clientMessageSchema.options.map(({ shape }) => shape.type.value);
  expect(new Set(accepted.map(({ type }) => type))).toEqual(new Set(types));
});

test.each(refused)('the field %j of %j is at fault', (path, message) => {
  const [issue] = clientMessageSchema.safeParse(message).error?.issues ?? [];
  expect(issue?.path.join('.')).toBe(path);
});

test.each(clientMessageSchema.options.map(({ shape }) => shape.type.value))(
  'an unknown field of %s is refused',
  (type) => {
    const message = { ...accepted.find((each) => each['type'] === type), unknown_field: 1 };
    const [issue] = clientMessageSchema.safeParse(message).error?.issues ?? [];
    expect(issue).toMatchObject({ code: 'unrecognized_keys', keys: ['unknown_field'] });
  },
);
