import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DuetError, errorCodes } from '../../../server/errors.js';
import {
  answerErrors,
  answerNotFound,
  shownMessage,
  statusOf,
} from '../../../server/transport/http/error-response.js';

/** A server that fails every request to `/` with the given error. */
async function failWith(thrown: unknown) {
  const log = vi.fn();
  const app = express();
  app.get('/', () => {
    throw thrown;
  });
  app.use(answerNotFound, answerErrors(log));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const get = async (path = '/') => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, body: (await response.json()) as unknown };
  };
  return { get, log };
}

test.each(errorCodes)('%s has an HTTP status of its own kind', (code) => {
  expect(statusOf[code]).toBeGreaterThanOrEqual(400);
  expect(statusOf[code] >= 500).toBe(['busy', 'storage_full', 'model_failed', 'internal'].includes(code));
});

test('an error is answered with its code and message, and when to try again, in whole seconds', async () => {
  const { get, log } = await failWith(new DuetError('busy', 'All are taken', { retryAfterMs: 1200 }));
  const error = { code: 'busy', message: 'All are taken' };
  expect(await get()).toEqual({ status: 503, retryAfter: '2', body: { error } });
  expect(log).not.toHaveBeenCalled();
});

test('internal errors are logged, not shown', async () => {
  const failure = new TypeError('cannot read /home/user/secret');
  const { get, log } = await failWith(failure);
  const message = shownMessage(new DuetError('internal', failure.message));
  expect(message).not.toContain('secret');
  expect(await get()).toMatchObject({ status: 500, body: { error: { code: 'internal', message } } });
  expect(log.mock.calls).toEqual([['An HTTP request failed', failure]]);
});

test('running out of files is answered as busy, and logged', async () => {
  const failure = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  const { get, log } = await failWith(failure);
  expect(await get()).toMatchObject({ status: 503, body: { error: { code: 'busy' } } });
  expect(log).toHaveBeenCalledTimes(1);
});

test.each([
  [404, 404, 'not_found'],
  [400, 400, 'invalid_request'],
  [412, 412, 'invalid_request'],
  [416, 416, 'invalid_request'],
])('what Express refuses with %i is answered with %i', async (status, answered, code) => {
  const { get, log } = await failWith(Object.assign(new Error('URI malformed'), { status }));
  expect(await get()).toMatchObject({ status: answered, body: { error: { code } } });
  expect(log).not.toHaveBeenCalled();
});

test('a path that does not exist is named', async () => {
  const { get } = await failWith(new Error('not asked'));
  expect(await get('/nothing')).toMatchObject({
    status: 404,
    body: { error: { code: 'not_found', message: 'There is nothing at GET /nothing' } },
  });
});
