import { sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import type { RequestedSampling } from '../../video/stream.js';
import { settingsToWire, type ClientRequest } from '../wire.js';
import type { Connection } from './connection.js';

type Request<T extends ClientRequest['type']> = Extract<ClientRequest, { type: T }>;

/**
 * Does what one client message asks for. Throws DuetError with what is to be answered when it cannot be done.
 */
export async function answer(connection: Connection, request: ClientRequest): Promise<void> {
  const eventId = request.eventId ?? null;
  switch (request.type) {
    case 'session.open':
      return openSession(connection, request);
    case 'session.update':
      connection.seat.session.update(request.settings, eventId);
      return;
    case 'session.resume':
      return resumeSession(connection, request);
    case 'session.close':
      return connection.services.registry.close(connection.seat.session.id, 'client_request');
    case 'source.start':
      startSource(connection, request);
      return;
    case 'source.pause':
      connection.seat.pauseSource();
      connection.inBackground(eventId, connection.seat.lookAgain());
      return;
    case 'source.resume':
      connection.seat.resumeSource();
      return;
    case 'source.stop':
      connection.seat.stopSource();
      return;
    case 'user.text':
      return addUserText(connection, request);
    case 'response.cancel':
      connection.seat.session.cancelReply();
      return;
    case 'ack':
      acknowledge(connection, request);
      return;
    case 'ping':
      return connection.outbox.send({ type: 'pong', client_event_id: eventId });
    default:
      request satisfies never;
  }
}

async function openSession(connection: Connection, request: Request<'session.open'>): Promise<void> {
  connection.requireNoSeat();
  const { model, registry, seats, now, newId } = connection.services;
  const { name } = model.description;
  if (request.model !== undefined && request.model !== name) {
    throw new DuetError(
      'not_found',
      `No model ${request.model} is loaded here: leave it out, or ask for ${name}`,
    );
  }
  const settings = sessionSettings(model.description, request.task, request.settings);
  const session = await registry.open({ id: newId(), model, settings, now });
  connection.occupy(seats.of(session), 0);
}

async function resumeSession(connection: Connection, request: Request<'session.resume'>): Promise<void> {
  connection.requireNoSeat();
  const { registry, seats } = connection.services;
  const session = registry.get(request.sessionId);
  const seat = seats.of(session);
  const after = request.afterSeq ?? seat.acknowledged;
  if (after > session.log.lastSeq) {
    throw new DuetError(
      'invalid_request',
      `The session has no event ${after} yet: resume after at most ${session.log.lastSeq}`,
    );
  }
  await connection.outbox.send({
    type: 'session.resumed',
    session_id: session.id,
    model: session.model.description.name,
    settings: settingsToWire(session.settings),
    after_seq: after,
    client_event_id: request.eventId ?? null,
  });
  connection.occupy(seat, after);
}

function startSource(connection: Connection, request: Request<'source.start'>): void {
  const { seat } = connection;
  const { settings, model } = seat.session;
  const sampling: RequestedSampling = {
    fps: request.fps ?? settings.fps,
    sampler: request.sampler,
    ...(request.maxFrames !== undefined && { maxFrames: request.maxFrames }),
    side: model.description.picture.side,
    pacing: request.pacing ?? 'realtime',
  };
  connection.inBackground(request.eventId ?? null, seat.watch(request.source, sampling));
}

async function addUserText(connection: Connection, request: Request<'user.text'>): Promise<void> {
  const { seat } = connection;
  const { maxWaitingTexts } = connection.services.limits;
  if (seat.session.waitingTexts >= maxWaitingTexts) {
    const message = `${maxWaitingTexts} texts wait for the video already: send more once they are inserted`;
    throw new DuetError('invalid_request', message, { retryable: true });
  }
  await seat.session.requireFits(request.text);
  seat.addUserText(request.text, {
    ...(request.videoTime !== undefined && { videoTime: request.videoTime }),
    ...(request.eventId !== undefined && { clientEventId: request.eventId }),
  });
  connection.inBackground(request.eventId ?? null, seat.lookAgain());
}

function acknowledge(connection: Connection, request: Request<'ack'>): void {
  const { seat } = connection;
  const newest = Math.min(request.seq, seat.session.log.lastSeq);
  seat.acknowledged = Math.max(seat.acknowledged, newest);
}
