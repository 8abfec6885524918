import { expect, test } from 'vitest';
import type { Action } from '../../../client/page/state/actions.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { awaitedSender, emptyView } from '../../../client/page/state/view.js';
import { opened, sourceEnded, sourceOpened } from '../wire-events.js';

const start: readonly Action[] = [{ type: 'local.prepare' }, opened(), { type: 'local.start' }];
const sender: Action = {
  ...{ type: 'source.waiting', url: 'rtmp://127.0.0.1:1935/live', key: 'k', expires_in_ms: 600_000 },
  client_event_id: null,
};
const waiting = [...start, sender].reduce(reduce, emptyView);

const refusal: Action = {
  ...{ type: 'error', code: 'source_failed', message: 'No sender came', param: null, client_event_id: null },
  retryable: true,
};

test('where a sender is to push is shown until its pictures come', () => {
  expect(awaitedSender(waiting)).toBe(sender);
  expect(awaitedSender(reduce(waiting, sourceOpened()))).toBeNull();
});

test('where a sender was to push is not shown when none came, nor when another is asked for', () => {
  const late = reduce(waiting, refusal);
  expect(awaitedSender(late)).toBeNull();
  expect(late.problem).toEqual({ what: 'No stream came', remedy: 'No sender came', retry: true });
  const again: Action[] = [sourceOpened(), sourceEnded(), { type: 'local.again' }, opened()];
  expect(awaitedSender([...again, { type: 'local.start' } as const].reduce(reduce, waiting))).toBeNull();
});
