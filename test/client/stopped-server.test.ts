import { expect, test, vi } from 'vitest';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { openDuet, readAll, resumed } from './open-duet.js';

const stopping: ServerMessage = {
  ...{ type: 'session.closed', seq: 2, video_time: 0, elapsed_ms: 0 },
  reason: 'server_shutdown',
};

test('what is said once the server has told that it stops waits for its successor', async () => {
  const { duet, first, next } = await openDuet();
  first.send(stopping);
  const arrived: ServerMessage[] = [];
  const reading = readAll(duet, arrived);
  await vi.waitFor(() => {
    expect(arrived).toHaveLength(2);
  });
  duet.say('Still there?');
  first.close(1001);
  const second = await next();
  expect(await second.texts.take()).toMatchObject({ type: 'session.resume', after_seq: 2 });
  second.send(resumed(2));
  expect(await second.texts.take()).toMatchObject({ type: 'user.text', text: 'Still there?' });
  duet.dispose();
  expect((await reading).error).toBeNull();
});

test('a client that never tries again tells that its server has stopped', async () => {
  const { duet, first } = await openDuet({ backOff: false });
  first.send(stopping);
  first.close(1001, 'the server stops');
  const { messages, error } = await readAll(duet);
  expect(messages.at(-1)).toMatchObject({ reason: 'server_shutdown' });
  expect(error).toMatchObject({ code: 'connection_lost', retryable: true });
});

test('a server that has no room yet for a session to resume is asked again', async () => {
  const { duet, first, next } = await openDuet();
  first.drop();
  const second = await next();
  const { event_id: resumeId = null } = await second.texts.take();
  second.send({
    ...{ type: 'error', code: 'busy', message: 'All 8 sessions are in use', param: null },
    ...{ client_event_id: resumeId, retryable: true },
  });
  second.close(1013);
  const third = await next();
  expect(await third.texts.take()).toMatchObject({ type: 'session.resume', after_seq: 1 });
  duet.dispose();
});
