import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import { ErrorReporter } from '../../../server/transport/websocket/error-reporter.js';

const limits = { faults: { burst: 2, perSecond: 1 }, pictureErrors: { burst: 2, perSecond: 1 } };

function start(): { reporter: ErrorReporter; sent: ServerMessage[]; clock: { now: number } } {
  const sent: ServerMessage[] = [];
  const clock = { now: 0 };
  const send = (message: ServerMessage): Promise<void> => {
    sent.push(message);
    return Promise.resolve();
  };
  return { reporter: new ErrorReporter({ send }, limits, () => clock.now), sent, clock };
}

test('an error names its code, the message at fault, and whether and when trying again helps', async () => {
  const { reporter, sent } = start();
  const busy = new DuetError('busy', 'All places are taken', { retryAfterMs: 2000 });
  expect(await reporter.report(busy, { clientEventId: 'e1', param: 'model' })).toBe('try_later');
  expect(sent).toEqual([
    {
      type: 'error',
      code: 'busy',
      message: 'All places are taken',
      param: 'model',
      client_event_id: 'e1',
      retryable: true,
      retry_after_ms: 2000,
    },
  ]);
});

test('internal errors are not shown, and end the connection', async () => {
  const { reporter, sent } = start();
  const error = new DuetError('internal', 'ENOENT /home/user/secret');
  expect(await reporter.report(error, { clientEventId: null })).toBe('internal');
  expect(sent[0]).toMatchObject({ message: 'Something failed inside the server; its log says what' });
});

test('faults of the client end its connection once there are too many, and time forgives them', async () => {
  const { reporter, clock } = start();
  const report = () => reporter.report(new DuetError('invalid_request', 'No'), { clientEventId: null });
  expect([await report(), await report(), await report()]).toEqual([null, null, 'policy']);
  clock.now = 1000;
  expect(await report()).toBe(null);
});

test('errors that are not the fault of the client do not add up', async () => {
  const { reporter } = start();
  const report = () => reporter.report(new DuetError('not_found', 'No such file'), { clientEventId: null });
  for (let count = 0; count < 5; count += 1) expect(await report()).toBe(null);
});

test('of many skipped pictures a few are reported, and the next report counts the others', async () => {
  const { reporter, sent, clock } = start();
  for (let count = 0; count < 5; count += 1) {
    await reporter.reportPicture(new DuetError('unsupported', `Picture ${count} is broken`));
  }
  clock.now = 1000;
  await reporter.reportPicture(new DuetError('unsupported', 'Picture 5 is broken'));
  expect(sent.map((message) => 'message' in message && message.message)).toEqual([
    'Picture 0 is broken',
    'Picture 1 is broken',
    'Picture 5 is broken; 3 pictures before it were skipped too',
  ]);
});
