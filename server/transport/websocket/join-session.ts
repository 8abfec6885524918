import { sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import { isSilentLine, readTranscript } from '../../records/transcript.js';
import { requirePlaceToFollow } from '../sessions/followed-events.js';
import type { HostedSession } from '../sessions/hosted-session.js';
import { reopenSession } from '../sessions/reopen-session.js';
import { sourceToReopen } from '../sessions/source-to-reopen.js';
import { settingsToWire, type ClientRequest } from '../wire.js';
import type { Requester } from './requester.js';

type Request<T extends ClientRequest['type']> = Extract<ClientRequest, { type: T }>;

/** Gives the connection its part in a session: control of a new or an older one, or reading one. */
export async function joinSession(requester: Requester, request: JoinRequest): Promise<void> {
  requester.requireUnattached();
  switch (request.type) {
    case 'session.open':
      return openSession(requester, request);
    case 'session.resume':
      return resumeSession(requester, request);
    case 'session.follow':
      return followSession(requester, request);
    default:
      return request satisfies never;
  }
}

type JoinRequest = Request<'session.open' | 'session.resume' | 'session.follow'>;

async function openSession(requester: Requester, request: Request<'session.open'>): Promise<void> {
  const { models, registry, sessions, records, now, newId } = requester.services;
  const model = await models.get(request.model);
  const settings = sessionSettings(model.capabilities, request.task, request.settings);
  const [id, owner] = [newId(), requester.owner];
  const archive = records?.begin(id, owner);
  const session = await registry.open({ id, owner, model, settings, now, archive });
  requester.attach(sessions.host(session), 'controller', 0);
}

/** Takes over a session that is open, or that is recorded and can go on. */
async function resumeSession(requester: Requester, request: Request<'session.resume'>): Promise<void> {
  const { hosted, goOn } = await findOrReopen(requester, request);
  const { session } = hosted;
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
    last_seq: session.log.lastSeq,
    client_event_id: request.eventId ?? null,
  });
  requester.attach(hosted, 'controller', after);
  if (goOn) requester.inBackground(null, goOn());
}

/** Reads a session that somebody else controls, or that has ended. */
async function followSession(requester: Requester, request: Request<'session.follow'>): Promise<void> {
  const { shares, readable, registry, sessions, limits } = requester.services;
  const id = await shares.sessionOf(request.token);
  if (id === null) throw new DuetError('not_found', 'No session has this token, or it was taken back');
  requirePlaceToFollow(sessions.followers, limits.maxFollowers, registry);
  const { summary, settings, events } = await readable.find(request.token, requester.owner);
  const { turns, unfinished } = await readTranscript(events({ upTo: summary.last_seq, skip: isSilentLine }));
  const after = request.afterSeq ?? Math.min(summary.last_seq, (unfinished ?? Infinity) - 1);
  await requester.outbox.send({
    ...{ type: 'session.following', session_id: summary.session_id, model: summary.model, settings },
    ...{ status: summary.status, video_time: summary.video_time, transcript: turns.slice(-snapshotTurns) },
    ...{ after_seq: after, client_event_id: request.eventId ?? null },
  });
  if (await registry.has(id)) requester.attach(sessions.host(registry.get(id)), 'reader', after);
  else await requester.sendPast(events({ after }));
}

/** How many of the last turns a follower is told at first. */
const snapshotTurns = 100;

/** `goOn` plays the source that the session watched when it stopped. */
interface FoundSession {
  readonly hosted: HostedSession;
  readonly goOn: (() => Promise<void>) | null;
}

async function findOrReopen(
  { owner, services }: Requester,
  { sessionId, afterSeq }: Request<'session.resume'>,
): Promise<FoundSession> {
  const { registry, sessions, records } = services;
  const record = (await registry.has(sessionId)) ? null : ((await records?.find(sessionId)) ?? null);
  const isOthers = record !== null && ![null, owner].includes(record.identity.owner);
  if (records === null || record === null || isOthers) {
    return { hosted: sessions.host(registry.get(sessionId, owner)), goOn: null };
  }
  const source = sourceToReopen(await records.rememberedSource(sessionId), record.notes.state.videoTime);
  const after = afterSeq ?? record.notes.acknowledged;
  const asked = { after, source: source?.name ?? null };
  const hosted = sessions.host(await reopenSession(record, asked, { ...services, records }));
  hosted.acknowledged = record.notes.acknowledged;
  return { hosted, goOn: source && (() => hosted.source.watch(source.request, { from: source.from })) };
}
