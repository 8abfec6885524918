import { DuetError } from '../../errors.js';
import type { TellWaiting } from '../sessions/open-source.js';
import type { ClientRequest } from '../wire.js';
import { joinSession } from './join-session.js';
import type { Requester } from './requester.js';

type Request<T extends ClientRequest['type']> = Extract<ClientRequest, { type: T }>;

/** Carries out one client message. Throws a DuetError to report when it cannot be done. */
export async function answer(requester: Requester, request: ClientRequest): Promise<void> {
  switch (request.type) {
    case 'session.open':
    case 'session.resume':
    case 'session.follow':
      return joinSession(requester, request);
    case 'session.update':
      requester.controlled.session.update(request.settings, request.eventId ?? null);
      return;
    case 'session.share':
    case 'session.unshare':
      return share(requester, request);
    case 'session.keep':
    case 'session.close':
      return leaveSession(requester, request);
    case 'source.start':
    case 'source.pause':
    case 'source.resume':
    case 'source.end':
    case 'source.stop':
      controlSource(requester, request);
      return;
    case 'user.text':
      return addUserText(requester, request);
    case 'question.add':
    case 'question.remove':
    case 'question.list':
      return changeQuestions(requester, request);
    case 'response.cancel':
      requester.controlled.session.cancelReply();
      return;
    case 'ack':
      acknowledge(requester, request);
      return;
    case 'ping':
      return requester.outbox.send({ type: 'pong', client_event_id: request.eventId ?? null });
    default:
      request satisfies never;
  }
}

/** Says what becomes of the session without its client: it ends at once, or goes on for a while. */
async function leaveSession(
  { controlled, services }: Requester,
  request: Request<'session.keep' | 'session.close'>,
): Promise<void> {
  const { id } = controlled.session;
  if (request.type === 'session.close') return services.registry.close(id, 'client_request');
  const { seconds } = request;
  const { keepMs } = services.limits;
  const wantedMs = seconds === undefined ? keepMs : seconds * 1000;
  if (wantedMs > keepMs) {
    const message =
      `This server keeps a session for ${keepMs / 1000} s without a client at most: ask for less, ` +
      'or start it with a larger --keep-seconds';
    throw new DuetError('invalid_request', message);
  }
  services.registry.keep(id, wantedMs);
}

type SourceRequest = Request<`source.${'start' | 'pause' | 'resume' | 'end' | 'stop'}`>;

function controlSource(requester: Requester, request: SourceRequest): void {
  const eventId = request.eventId ?? null;
  const { source } = requester.controlled;
  switch (request.type) {
    case 'source.start':
      startSource(requester, request);
      return;
    case 'source.pause':
      source.pause();
      requester.inBackground(eventId, source.lookAgain());
      return;
    case 'source.resume':
      source.resume();
      return;
    case 'source.end':
      source.finish();
      return;
    case 'source.stop':
      source.stop();
      return;
    default:
      request satisfies never;
  }
}

/**
 * Where a sender is to push is told to this connection only: the record, which others may read, has no keys.
 */
function startSource(requester: Requester, request: Request<'source.start'>): void {
  const client_event_id = request.eventId ?? null;
  const tell: TellWaiting = ({ url, key, expiresInMs }) => {
    const message = {
      type: 'source.waiting' as const,
      url,
      key,
      expires_in_ms: expiresInMs,
      client_event_id,
    };
    requester.inBackground(client_event_id, requester.outbox.send(message));
  };
  requester.inBackground(client_event_id, requester.controlled.source.watch(request, { tell }));
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

type QuestionRequest = Request<`question.${'add' | 'remove' | 'list'}`>;

async function changeQuestions(requester: Requester, request: QuestionRequest): Promise<void> {
  const eventId = request.eventId ?? null;
  switch (request.type) {
    case 'question.add':
      return addQuestion(requester, request);
    case 'question.remove': {
      const { session } = requester.controlled;
      requester.inBackground(eventId, session.removeQuestion(request.questionId, eventId));
      return;
    }
    case 'question.list':
      return listQuestions(requester, eventId);
    default:
      request satisfies never;
  }
}

async function addQuestion(requester: Requester, request: Request<'question.add'>): Promise<void> {
  const { source } = requester.controlled;
  const { text, id, threshold, eventId: clientEventId } = request;
  await source.addQuestion(text, { id, threshold, clientEventId });
  requester.inBackground(clientEventId ?? null, source.lookAgain());
}

async function listQuestions(requester: Requester, eventId: string | null): Promise<void> {
  const questions = requester.controlled.session.questions.map(({ questionId, text, threshold }) => ({
    ...{ question_id: questionId, text, threshold },
  }));
  await requester.outbox.send({ type: 'question.listed', questions, client_event_id: eventId });
}

function acknowledge(requester: Requester, request: Request<'ack'>): void {
  const hosted = requester.controlled;
  const newest = Math.min(request.seq, hosted.session.log.lastSeq);
  if (newest <= hosted.acknowledged) return;
  hosted.acknowledged = newest;
  requester.services.records?.opened(hosted.session.id)?.note({ acknowledged: newest });
}

async function share(
  { controlled, outbox, services }: Requester,
  request: Request<'session.share' | 'session.unshare'>,
): Promise<void> {
  const client_event_id = request.eventId ?? null;
  const { id } = controlled.session;
  if (request.type === 'session.share') {
    const token = await services.shares.mint(id);
    await outbox.send({ type: 'session.shared', token, client_event_id });
    return;
  }
  await services.shares.revoke(id);
  controlled.dismissFollowers();
  await outbox.send({ type: 'session.unshared', client_event_id });
}
