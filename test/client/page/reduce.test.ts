import { expect, test } from 'vitest';
import { DuetClientError } from '../../../client/sdk/client-error.js';
import type { Action } from '../../../client/page/state/actions.js';
import { problemOfLoss } from '../../../client/page/state/problem.js';
import { reduce } from '../../../client/page/state/reduce.js';
import {
  emptyView,
  frameLimit,
  turnLimit,
  talkingReply,
  type DuetView,
} from '../../../client/page/state/view.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import {
  delta,
  done,
  frame,
  inserted,
  lagging,
  opened,
  sourceEnded,
  sourceOpened,
  started,
  suppressed,
  wireSettings,
} from '../wire-events.js';

const after = (...actions: Action[]): DuetView => actions.reduce(reduce, emptyView);
const running: Action[] = [
  { type: 'local.prepare' },
  opened(),
  { type: 'local.start' },
  sourceOpened({ seq: 2 }),
];
const error = (fields: Partial<Extract<ServerMessage, { type: 'error' }>> = {}): ServerMessage => ({
  type: 'error',
  code: 'invalid_request',
  message: 'That is not possible: do something else',
  param: null,
  client_event_id: null,
  retryable: false,
  ...fields,
});

test('a session goes from preparing over ready and starting to running, paused and ended', () => {
  const actions: Action[] = [...running, { type: 'local.pause' }, { type: 'local.unpause' }, sourceEnded()];
  const phases = actions.map((_, index) => after(...actions.slice(0, index + 1)).phase);
  expect(phases).toEqual(['preparing', 'ready', 'starting', 'running', 'paused', 'running', 'ended']);
});

test('a reply grows piece by piece, and its end replaces it by the whole text', () => {
  const talking = after(...running, started({ video_time: 3.5 }), delta(), delta({ delta: ' barks' }));
  expect(talkingReply(talking)).toMatchObject({ text: 'A dog barks', videoTime: 3.5, status: 'talking' });
  const ended = reduce(talking, done({ text: 'A dog barks.' }));
  expect(talkingReply(ended)).toBeNull();
  expect(ended.turns.at(-1)).toMatchObject({ text: 'A dog barks.', status: 'completed', cut: false });
});

test.each([
  ['cancelled', null, { status: 'cancelled', cut: false }],
  ['failed', null, { status: 'failed', cut: false }],
  ['completed', 'length', { status: 'completed', cut: true }],
  ['completed', 'end', { status: 'completed', cut: false, unsure: false }],
] as const)('a reply that ends as %s with finish %s shows it', (status, finish, expected) => {
  expect(after(...running, started(), done({ status, finish })).turns.at(-1)).toMatchObject(expected);
});

test('a reply of which the model is not sure is marked when it ends', () => {
  const ended = after(...running, started(), done({ confidence: 0.4, unsure: true }));
  expect(ended.turns.at(-1)).toMatchObject({ unsure: true });
});

test('what the user says waits for its frame, and moves to its place once inserted', () => {
  const said = after(
    ...running,
    { type: 'local.say', eventId: 'c7', text: 'What is there?' },
    started(),
    done(),
  );
  expect(said.turns.map(({ type }) => type)).toEqual(['note', 'question', 'reply']);
  expect(said.turns[1]).toMatchObject({ videoTime: null });
  const placed = reduce(said, inserted({ client_event_id: 'c7', video_time: 4 }));
  expect(placed.turns.map(({ type }) => type)).toEqual(['note', 'reply', 'question']);
  expect(placed.turns[2]).toMatchObject({ text: 'What is there?', videoTime: 4 });
});

test('of two texts that wait, the first one inserted stands before the one that still waits', () => {
  const view = after(
    ...running,
    { type: 'local.say', eventId: 'a', text: 'one' },
    { type: 'local.say', eventId: 'b', text: 'two' },
    inserted({ client_event_id: 'a', text: 'one', video_time: 1 }),
  );
  expect(view.turns.slice(1)).toMatchObject([
    { text: 'one', videoTime: 1 },
    { text: 'two', videoTime: null },
  ]);
});

test('a text that the server refuses is marked, and the error is shown', () => {
  const view = after(
    ...running,
    { type: 'local.say', eventId: 'c7', text: 'hello' },
    error({ client_event_id: 'c7', code: 'too_large' }),
  );
  expect(view.turns.at(-1)).toMatchObject({ refused: true, videoTime: null });
  expect(view.problem).toMatchObject({
    what: 'That is too large',
    remedy: 'That is not possible: do something else',
  });
  expect(view.phase).toBe('running');
});

test.each([
  ['while the session is being opened', [{ type: 'local.prepare' }] as Action[], 'failed'],
  ['while the video is being started', running.slice(0, 3), 'failed'],
  ['while the video runs', running, 'running'],
])('an error %s leaves the session %s', (_when, actions, phase) => {
  expect(after(...actions, error()).phase).toBe(phase);
});

test('a video that fails says why, and whether trying again helps', () => {
  const failed: Action = {
    type: 'source.failed',
    seq: 3,
    video_time: 0,
    elapsed_ms: 0,
    code: 'source_failed',
    message: 'clip.mp4 has no video stream',
    retryable: false,
  };
  expect(after(...running, failed)).toMatchObject({
    phase: 'failed',
    problem: { what: 'The video cannot be read', remedy: 'clip.mp4 has no video stream', retry: false },
  });
});

test('settings in force are those that the server confirmed last', () => {
  const settings = { ...wireSettings, cooldown: 5 };
  const updated = {
    type: 'session.updated',
    seq: 3,
    video_time: 0,
    elapsed_ms: 0,
    settings,
    client_event_id: 'c',
  } as const;
  expect(after(...running, updated).settings?.cooldown).toBe(5);
});

test('a new session for the same person keeps the settings and forgets everything else', () => {
  const view = after(...running, frame(), started(), { type: 'local.prepare' });
  expect(view).toEqual({ ...emptyView, phase: 'preparing', settings: wireSettings });
});

test('settings changed after the session are kept for the next one', () => {
  const view = after(...running, sourceEnded(), { type: 'local.settings', patch: { cooldown: 9 } });
  expect(reduce(view, { type: 'local.prepare' }).settings?.cooldown).toBe(9);
});

test('lag is shown until three seconds of video pass without a report; dropped frames stay counted', () => {
  const behind = after(...running, lagging({ video_time: 5, dropped_frames: 2 }), frame({ video_time: 7.5 }));
  expect(behind.lag).toMatchObject({ behindSeconds: 1.5, droppedFrames: 2 });
  expect(reduce(behind, frame({ video_time: 8 })).lag).toMatchObject({ behindSeconds: 0, droppedFrames: 2 });
});

test('the end of the video is told with its counts', () => {
  const view = after(...running, started(), done(), sourceEnded({ frames: 40, dropped_frames: 3 }));
  expect(view.turns.at(-1)).toMatchObject({
    text: 'The video has ended: 40 frames watched, 3 dropped, 1 reply',
  });
});

test('a record without an end keeps its newest frames and counts all of them', () => {
  const full = {
    ...after(...running),
    frames: Array.from({ length: frameLimit }, () => frame()),
    frameCount: 50_000,
  };
  const view = reduce(full, frame({ video_time: 99 }));
  expect(view.frames).toHaveLength(frameLimit);
  expect(view.frames.at(-1)?.video_time).toBe(99);
  expect(view.frameCount).toBe(50_001);
});

test('a conversation without an end keeps its newest turns', () => {
  const [turn] = after(...running, started()).turns;
  if (turn === undefined) throw new Error('no turn');
  const full = { ...after(...running), turns: Array.from({ length: turnLimit }, () => turn) };
  const { turns } = reduce(full, started({ response_id: 'newest' }));
  expect(turns).toHaveLength(turnLimit);
  expect(turns.at(-1)?.key).toBe('reply-newest');
});

test('an event that the page does not know changes nothing', () => {
  const view = after(...running);
  const unknown = JSON.parse('{"type":"session.sang","seq":9}') as ServerMessage;
  expect(reduce(view, unknown)).toBe(view);
});

const closed = (reason: string): ServerMessage => ({
  ...{ type: 'session.closed', seq: 9, video_time: 0, elapsed_ms: 0 },
  reason,
});

test.each([
  ['server_shutdown', 'The server was stopped'],
  ['model_failed', 'The model failed'],
  ['idle', 'The server closed the session'],
  ['a reason of tomorrow', 'The session has ended (a reason of tomorrow)'],
])(
  'a session that the server ends because of %s says so, keeps what was said and can be begun again',
  (reason, what) => {
    const view = after(...running, started(), done({ text: 'A dog.' }), closed(reason));
    expect(view).toMatchObject({ phase: 'failed', problem: { what, retry: true } });
    expect(view.turns.at(-1)).toMatchObject({ text: 'A dog.' });
  },
);

test('a better explanation than the end of the session stays', () => {
  const view = after(
    ...running,
    error({ code: 'model_failed', message: 'out of memory' }),
    closed('model_failed'),
  );
  expect(view.problem).toMatchObject({ what: 'The model failed', remedy: 'out of memory' });
});

test('a restart keeps what is shown until the new session opens, and keeps it if none does', () => {
  const lost = after(
    ...running,
    ...[frame(), started(), done({ text: 'A dog.' })],
    { type: 'local.lost', problem: problemOfLoss(new DuetClientError('not_found', 'No such session.')) },
    { type: 'local.again' },
  );
  expect(lost).toMatchObject({ phase: 'preparing', problem: null, frameCount: 1 });
  const failed = reduce(lost, error({ code: 'busy', retryable: true }));
  expect(failed).toMatchObject({ phase: 'failed', problem: { what: 'The server is busy', retry: true } });
  expect(failed.turns).toEqual(lost.turns);
  expect(reduce(lost, opened())).toMatchObject({ phase: 'ready', turns: [], frames: [], frameCount: 0 });
});

test('a question that waits when the session is lost is marked as never read', () => {
  const asked: Action = { type: 'local.say', eventId: 'c7', text: 'Still there?' };
  const view = after(...running, inserted(), asked, closed('server_shutdown'));
  expect(view.turns.slice(1)).toMatchObject([{ refused: false }, { text: 'Still there?', refused: true }]);
});

test('a server that is full says when a place may be free', () => {
  const refused = error({
    code: 'busy',
    message: 'All sessions are in use.',
    retryable: true,
    retry_after_ms: 4200,
  });
  expect(after({ type: 'local.prepare' }, refused).problem).toEqual({
    what: 'The server is busy',
    remedy: 'All sessions are in use. A place may be free in 4 s.',
    retry: true,
  });
});

test('a reply that is being written when the session is lost is marked as cut off', () => {
  const view = after(...running, started(), delta(), closed('server_shutdown'));
  expect(view.turns.at(-1)).toMatchObject({ text: 'A dog', status: 'cancelled' });
  expect(talkingReply(view)).toBeNull();
});

test('a session that the server does not know any more is explained as such', () => {
  expect(problemOfLoss(new DuetClientError('not_found', 'No such session.'))).toEqual({
    what: 'The server no longer has this session',
    remedy:
      'It was restarted, or was out of reach for too long. What was said stays here until you start again.',
    retry: true,
  });
});

test('another look without an answer tells why, and is no further frame', () => {
  const seen = frame({ frame_index: 4, video_time: 2 });
  const view = after(...running, seen, inserted({ video_time: 2 }), { ...seen, score: 0.03 });
  expect(view.frameCount).toBe(1);
  expect(view.frames).toHaveLength(2);
  expect(view.turns.at(-1)).toMatchObject({
    type: 'note',
    text: 'Read, without an answer. Silent: the score 0.03 is not above 0.50',
  });
});

test('another look with an answer needs no words', () => {
  const seen = frame({ frame_index: 4, video_time: 2 });
  const again = { ...seen, fired: true, reason: 'fired' } as const;
  const view = after(...running, seen, inserted({ video_time: 2 }), again, started(), done());
  expect(view.turns.map(({ type }) => type)).toEqual(['note', 'question', 'reply']);
});

test('replies are counted over all of the video, whatever was noted meanwhile', () => {
  const seen = frame({ frame_index: 4, video_time: 2 });
  const view = after(...running, started(), done(), seen, inserted(), seen, sourceEnded());
  expect(view.turns.at(-1)).toMatchObject({ text: 'The video has ended: 40 frames watched, 1 reply' });
});

test('a changed clock of pushed pictures is not shown as a renewed memory', () => {
  const before = after(...running);
  const clock = { seq: 3, video_time: 1, elapsed_ms: 0, pushed_time: 5, offset: -4 };
  expect(reduce(before, { type: 'source.clock.changed', ...clock }).turns).toBe(before.turns);
});

test('while a live source is away, its outage is known; a note tells when it is back', () => {
  const place = { seq: 3, video_time: 1, elapsed_ms: 0 };
  const info = { width: 8, height: 8, fps: null, duration: null, codec: 'mjpeg', live: true };
  const why = { code: 'source_failed', message: 'gone' } as const;
  const silent = after(...running, { type: 'source.stalled', ...place, silent_seconds: 5 });
  expect(silent.outage).toMatchObject({ type: 'source.stalled' });
  const away = reduce(silent, { type: 'source.reconnecting', ...place, attempt: 2, delay_ms: 9, ...why });
  expect([away.outage, away.phase]).toMatchObject([{ attempt: 2 }, 'running']);
  const back = reduce(away, { type: 'source.reopened', ...place, gap_seconds: 61, attempts: 2, info });
  expect(back.outage).toBeNull();
  expect(back.turns.at(-1)).toMatchObject({ text: 'The pictures are back, after 1 min 1 s' });
  expect(reduce(away, sourceEnded()).outage).toBeNull();
});

test('a suppressed reply is told apart from what was said, and is shown only when asked for', () => {
  const said = [started(), done({ text: 'A dog' }), suppressed({ video_time: 4 }), sourceEnded()];
  const view = after(...running, ...said);
  expect(view.showsSuppressed).toBe(false);
  expect(view.turns.map(({ type }) => type)).toEqual(['note', 'reply', 'suppressed', 'note']);
  expect(view.turns.at(-1)).toMatchObject({ text: expect.stringContaining('1 reply') as string });
  expect(talkingReply(view)).toBeNull();
  const shown = after({ type: 'local.suppressed', shown: true }, ...running, ...said);
  expect(shown.showsSuppressed).toBe(true);
});
