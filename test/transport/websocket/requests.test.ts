import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { HostedSession, SessionRole } from '../../../server/transport/sessions/hosted-session.js';
import type { Requester } from '../../../server/transport/websocket/requester.js';
import { answer } from '../../../server/transport/websocket/requests.js';
import { connectionServices } from '../connection-services.js';
import { eventsOf } from '../../support/duet-session.js';

/** A connection without a socket that records what requests did with it. */
class FakeRequester implements Requester {
  readonly services = connectionServices();
  readonly owner = null;
  readonly sent: ServerMessage[] = [];
  readonly attachments: { role: SessionRole; after: number }[] = [];
  /** Background work, and the messages that started it. */
  readonly background: { eventId: string | null; work: Promise<unknown> }[] = [];
  hosted: HostedSession | null = null;

  readonly outbox = {
    send: (message: ServerMessage): Promise<void> => {
      this.sent.push(message);
      return Promise.resolve();
    },
  };

  get controlled(): HostedSession {
    if (!this.hosted) throw new DuetError('invalid_request', 'No session is open');
    return this.hosted;
  }

  requireUnattached(): void {
    if (this.hosted) throw new DuetError('invalid_request', 'There is a session already');
  }

  attach(hosted: HostedSession, role: SessionRole, after: number): void {
    this.hosted = hosted;
    this.attachments.push({ role, after });
  }

  sendPast(): Promise<void> {
    return Promise.resolve();
  }

  inBackground(eventId: string | null, work: Promise<void>): void {
    this.background.push({ eventId, work: work.catch((thrown: unknown) => thrown) });
  }
}

async function opened(): Promise<FakeRequester & { hosted: HostedSession }> {
  const requester = new FakeRequester();
  await answer(requester, { type: 'session.open', settings: {} });
  return Object.assign(requester, { hosted: requester.controlled });
}

test('session.open opens a session as asked, and its connection controls it', async () => {
  const requester = new FakeRequester();
  await answer(requester, { type: 'session.open', model: 'fake', settings: { cooldown: 3 } });
  expect(requester.attachments).toEqual([{ role: 'controller', after: 0 }]);
  const { session } = requester.controlled;
  expect([session.settings.cooldown, requester.services.registry.list()]).toEqual([3, [session]]);
  await expect(answer(requester, { type: 'session.open' })).rejects.toThrow('There is a session already');
});

test('session.open without settings takes those that suit the task', async () => {
  const requester = new FakeRequester();
  await answer(requester, { type: 'session.open' });
  expect(requester.controlled.session.settings.interrupt).toBe('cancel');
  const unknown = new FakeRequester();
  await expect(answer(unknown, { type: 'session.open', task: 'none' })).rejects.toThrow('no task "none"');
  expect(unknown.services.registry.list()).toEqual([]);
});

test("session.resume reports the session's state before its events come", async () => {
  const { services, hosted } = await opened();
  const back = Object.assign(new FakeRequester(), { services });
  const sessionId = hosted.session.id;
  await answer(back, { type: 'session.resume', eventId: 'r', sessionId, afterSeq: 1 });
  expect(back.sent).toMatchObject([{ type: 'session.resumed', after_seq: 1, client_event_id: 'r' }]);
  expect(back.attachments).toEqual([{ role: 'controller', after: 1 }]);
});

test('session.resume continues after the last ack, and refuses a future event', async () => {
  const requester = await opened();
  const { services, hosted } = requester;
  const sessionId = hosted.session.id;
  await answer(requester, { type: 'ack', seq: 1 });
  const back = Object.assign(new FakeRequester(), { services });
  await answer(back, { type: 'session.resume', sessionId });
  expect(back.attachments).toEqual([{ role: 'controller', after: 1 }]);
  const ahead = Object.assign(new FakeRequester(), { services });
  const request = { type: 'session.resume', sessionId, afterSeq: 2 } as const;
  await expect(answer(ahead, request)).rejects.toThrow('The session has no event 2 yet');
});

test('acknowledgements never go back, and never beyond what has happened', async () => {
  const requester = await opened();
  requester.hosted.session.update({ cooldown: 1 });
  const acknowledged: number[] = [];
  for (const seq of [1, 99, 1]) {
    await answer(requester, { type: 'ack', seq });
    acknowledged.push(requester.hosted.acknowledged);
  }
  expect(acknowledged).toEqual([1, 2, 2]);
});

test('session.update changes the settings and names the message that asked for it', async () => {
  const requester = await opened();
  await answer(requester, { type: 'session.update', eventId: 'u', settings: { cooldown: 7 } });
  const [updated] = eventsOf(requester.hosted.session, 'session.updated');
  expect([updated?.settings.cooldown, updated?.clientEventId]).toEqual([7, 'u']);
});

test('source.start runs in the background, and its failure names the message', async () => {
  const requester = await opened();
  const source = { type: 'sample', name: 'any' } as const;
  await answer(requester, { type: 'source.start', eventId: 's', source });
  const [started] = requester.background;
  expect(started?.eventId).toBe('s');
  expect(await started?.work).toMatchObject({ code: 'not_found', message: 'There is no sample here' });
});

test("a user text waits for the video under its message's id; how many may wait is limited", async () => {
  const requester = await opened();
  const { limits } = requester.services;
  const say = () => answer(requester, { type: 'user.text', eventId: 't', text: 'Who is it?' });
  for (let count = 0; count < limits.maxWaitingTexts; count += 1) await say();
  expect(requester.hosted.session.waitingTexts).toBe(limits.maxWaitingTexts);
  await expect(say()).rejects.toMatchObject({ code: 'invalid_request', retryable: true });
});

test('ping is answered with its event id, also before a session is open', async () => {
  const requester = new FakeRequester();
  await answer(requester, { type: 'ping', eventId: 'p' });
  await answer(requester, { type: 'ping' });
  expect(requester.sent).toEqual([
    { type: 'pong', client_event_id: 'p' },
    { type: 'pong', client_event_id: null },
  ]);
});

test('session.close ends the session as its client asked', async () => {
  const requester = await opened();
  await answer(requester, { type: 'session.close' });
  expect(eventsOf(requester.hosted.session, 'session.closed')).toMatchObject([{ reason: 'client_request' }]);
  expect(requester.services.registry.list()).toEqual([]);
});
