import type { SessionOwner } from '../../duet/record/session-state.js';
import { sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import type { HostedSession, SessionRole } from '../sessions/hosted-session.js';
import { settingsToWire, type ClientRequest } from '../wire.js';
import type { Outbox } from './outbox.js';
import type { ConnectionServices } from './services.js';

type Request<T extends ClientRequest['type']> = Extract<ClientRequest, { type: T }>;

/** Carries out one client message. Throws a DuetError to report when it cannot be done. */
export async function answer(requester: Requester, request: ClientRequest): Promise<void> {
  const eventId = request.eventId ?? null;
  switch (request.type) {
    case 'session.open':
      return openSession(requester, request);
    case 'session.update':
      requester.controlled.session.update(request.settings, eventId);
      return;
    case 'session.resume':
      return resumeSession(requester, request);
    case 'session.close':
      return requester.services.registry.close(requester.controlled.session.id, 'client_request');
    case 'source.start':
      requester.inBackground(eventId, requester.controlled.source.watch(request));
      return;
    case 'source.pause':
      requester.controlled.source.pause();
      requester.inBackground(eventId, requester.controlled.source.lookAgain());
      return;
    case 'source.resume':
      requester.controlled.source.resume();
      return;
    case 'source.stop':
      requester.controlled.source.stop();
      return;
    case 'user.text':
      return addUserText(requester, request);
    case 'response.cancel':
      requester.controlled.session.cancelReply();
      return;
    case 'ack':
      acknowledge(requester, request);
      return;
    case 'ping':
      return requester.outbox.send({ type: 'pong', client_event_id: eventId });
    default:
      request satisfies never;
  }
}

/** The connection that a request comes from, as far as requests need it. */
export interface Requester {
  readonly services: ConnectionServices;
  readonly outbox: Pick<Outbox, 'send'>;
  /** The connection's owner. */
  readonly owner: SessionOwner;
  /** The session that the connection controls; throws 'invalid_request' if there is none. */
  readonly controlled: HostedSession;
  /** Throws 'invalid_request' when the connection has a session already. */
  requireUnattached(): void;
  /** Gives the connection its role in a session, and sends it the session's events after `after`. */
  attach(hosted: HostedSession, role: SessionRole, after: number): void;
  /** Runs work while further messages are read; its failure is reported like that of a message. */
  inBackground(eventId: string | null, work: Promise<void>): void;
}

async function openSession(requester: Requester, request: Request<'session.open'>): Promise<void> {
  requester.requireUnattached();
  const { models, registry, sessions, now, newId } = requester.services;
  const model = await models.get(request.model);
  const settings = sessionSettings(model.capabilities, request.task, request.settings);
  const session = await registry.open({ id: newId(), owner: requester.owner, model, settings, now });
  requester.attach(sessions.host(session), 'controller', 0);
}

async function resumeSession(requester: Requester, request: Request<'session.resume'>): Promise<void> {
  requester.requireUnattached();
  const { registry, sessions } = requester.services;
  const session = registry.get(request.sessionId, requester.owner);
  const hosted = sessions.host(session);
  const after = request.afterSeq ?? hosted.acknowledged;
  if (after > session.log.lastSeq) {
    throw new DuetError(
      'invalid_request',
      `The session has no event ${after} yet: resume after at most ${session.log.lastSeq}`,
    );
  }
  await requester.outbox.send({
    type: 'session.resumed',
    session_id: session.id,
    model: session.model.capabilities.name,
    settings: settingsToWire(session.settings),
    after_seq: after,
    client_event_id: request.eventId ?? null,
  });
  requester.attach(hosted, 'controller', after);
}

async function addUserText(requester: Requester, request: Request<'user.text'>): Promise<void> {
  const { session, source } = requester.controlled;
  const { maxWaitingTexts } = requester.services.limits;
  if (session.waitingTexts >= maxWaitingTexts) {
    const message = `${maxWaitingTexts} texts wait for the video already: send more once they are inserted`;
    throw new DuetError('invalid_request', message, { retryable: true });
  }
  await session.requireFits(request.text);
  source.addUserText(request.text, {
    ...(request.videoTime !== undefined && { videoTime: request.videoTime }),
    ...(request.eventId !== undefined && { clientEventId: request.eventId }),
  });
  requester.inBackground(request.eventId ?? null, source.lookAgain());
}

function acknowledge(requester: Requester, request: Request<'ack'>): void {
  const hosted = requester.controlled;
  const newest = Math.min(request.seq, hosted.session.log.lastSeq);
  hosted.acknowledged = Math.max(hosted.acknowledged, newest);
}
