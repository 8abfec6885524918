import { expect, test } from 'vitest';
import type { Action } from '../../../client/page/state/actions.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { awaitedSender, emptyView, type DuetView } from '../../../client/page/state/view.js';
import type { WireEvent } from '../../../server/protocol/session-events.js';
import { frame, opened, sourceEnded, sourceOpened, wireSettings } from '../wire-events.js';

const after = (...actions: readonly Action[]): DuetView => actions.reduce(reduce, emptyView);
const starting: readonly Action[] = [{ type: 'local.prepare' }, opened(), { type: 'local.start' }];
const running: readonly Action[] = [...starting, sourceOpened(), frame(), frame({ video_time: 0.5 })];
const envelope = { seq: 9, video_time: 0.5, elapsed_ms: 9 };

const reopened = (source: string | null): WireEvent => ({
  ...{
    type: 'session.reopened',
    ...envelope,
    several_questions: false,
    model: 'fake',
    settings: wireSettings,
    ended_by: null,
    source,
  },
  ...{ away_ms: 2000, kept_texts: 0, lost_events: 0 },
});
const failed: WireEvent = {
  ...{ type: 'source.failed', ...envelope, code: 'source_failed', retryable: true },
  message: 'The server was lost',
};

test('a video that the server opens again is starting until it is open, and keeps its frames', () => {
  const view = after(...running, failed, reopened('street'));
  expect(view).toMatchObject({ phase: 'starting', problem: null });
  const again = [sourceOpened({ video_time: 0.5 }), frame({ video_time: 1 })].reduce(reduce, view);
  expect(again).toMatchObject({ phase: 'running', frameCount: 3 });
  expect(again.frames.map(({ video_time }) => video_time)).toEqual([0, 0.5, 1]);
});

test('a video that was paused is paused when it is open again, and only then', () => {
  const away = after(...running, { type: 'local.pause' }, failed, reopened('street'));
  expect(away).toMatchObject({ phase: 'starting', goesOnPaused: true });
  expect(reduce(away, sourceOpened())).toMatchObject({ phase: 'paused', goesOnPaused: false });
  expect(after(...running, failed).goesOnPaused).toBe(false);
});

test('a video that the server cannot open again says why it failed', () => {
  const view = after(...running, failed, reopened(null));
  expect(view).toMatchObject({ phase: 'failed', problem: { remedy: 'The server was lost' } });
});

test('of a video that is over the model knows nothing more: what was asked meanwhile is not read', () => {
  const asked: Action = { type: 'local.say', eventId: 'c1', text: 'What was there?' };
  const view = after(...running, sourceEnded(), asked, reopened(null));
  expect(view).toMatchObject({ phase: 'ended', isForgotten: true });
  expect(view.turns.find(({ type }) => type === 'question')).toMatchObject({ refused: true });
  expect(after(...running, reopened('street')).isForgotten).toBe(false);
  expect(reduce(view, opened()).isForgotten).toBe(false);
});

test('a video that had not begun may be started, in the same session', () => {
  const view = after(...starting, reopened(null));
  expect(view.phase).toBe('ready');
  const sender: Action = {
    ...{ type: 'source.waiting', url: 'rtmp://127.0.0.1:1935/live', key: 'k', expires_in_ms: 600_000 },
    client_event_id: null,
  };
  // The request to start it was sent while the session was being reopened.
  expect(awaitedSender(reduce(view, sender))).toBe(sender);
});

test('that the server was stopped is over once it is back', () => {
  const stopped: WireEvent = { type: 'session.closed', ...envelope, reason: 'server_shutdown' };
  const ready: readonly Action[] = [{ type: 'local.prepare' }, opened()];
  expect(after(...ready, stopped)).toMatchObject({ phase: 'failed', problem: { retry: true } });
  expect(after(...ready, stopped, reopened(null))).toMatchObject({ phase: 'ready', problem: null });
  expect(after(...running, sourceEnded(), stopped, reopened(null))).toMatchObject({
    ...{ phase: 'ended', problem: null, isForgotten: true },
  });
  const cut = after(...running, sourceEnded({ reason: 'stopped' }), stopped, reopened(null));
  expect(cut).toMatchObject({ phase: 'ended', isForgotten: true });
  expect(cut.problem?.remedy).toMatch(/^It is back; the video was not played to its end\./);
  const view = after(...running, failed, stopped, reopened(null));
  expect(view).toMatchObject({ phase: 'failed', problem: { remedy: 'The server was lost' } });
});
