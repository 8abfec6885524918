import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { eventLine } from '../../../records/wire-event.js';
import {
  followedEvents,
  hasWanted,
  newestEvents,
  requirePlaceToFollow,
  type Followed,
  type FollowServices,
} from '../../sessions/followed-events.js';
import type { ReadableSession } from '../../sessions/readable-sessions.js';
import { yieldToEventLoop } from '../../yield-to-event-loop.js';
import { oneOrZero, parsedQuery } from '../parsed-query.js';
import { listedOwner, type Callers } from '../sessions.js';
import { sendGrowing } from './growing-text.js';
import { liveSubtitles } from './live-subtitles.js';
import { questionsQuery, wantedEvents } from './wanted-events.js';

/**
 * A session as it happens: `GET /v1/sessions/{id}/stream` as server-sent events, `/live.vtt` as subtitles. A
 * token of `session.share` may stand for the id, and `latest` for whatever session is the newest.
 */
export function streamRoutes(services: StreamServices): Router {
  const router = Router();
  let streams = 0;
  const inPlace = async (answer: () => Promise<void>): Promise<void> => {
    const { sessions, registry, limits } = services;
    requirePlaceToFollow(Math.max(streams, sessions.followers), limits.maxFollowers, registry);
    streams += 1;
    await answer().finally(() => {
      streams -= 1;
    });
  };
  router.get('/latest/stream', (request, response) =>
    inPlace(() => sendNewestEvents(request, response, services)),
  );
  router.get('/:id/stream', (request, response) =>
    inPlace(async () => {
      await sendEvents(
        await findSession(request.params.id, request, services),
        { request, response },
        services,
      );
    }),
  );
  router.get('/:id/live.vtt', (request, response) =>
    inPlace(async () => {
      const session = await findSession(request.params.id, request, services);
      await sendSubtitles(session, { request, response }, services);
    }),
  );
  return router;
}

/** What the routes depend on. */
interface StreamServices extends FollowServices {
  readonly limits: StreamLimits;
  readonly callers: Callers;
}

/** How much may be followed. */
export interface StreamLimits {
  /** Most connections that follow sessions. */
  readonly maxFollowers: number;
}

async function findSession(id: string, request: Request, services: StreamServices): Promise<ReadableSession> {
  const { readable, registry, callers } = services;
  if (id !== 'latest') return readable.find(id, callers.ownerOf(request));
  const owner = listedOwner(request, callers);
  const newest = registry.list({ owner }).at(-1);
  if (newest === undefined) throw new DuetError('not_found', 'No session is open: start one, then ask again');
  return readable.find(newest.id, owner);
}

async function sendEvents(
  session: ReadableSession,
  { request, response }: Exchange,
  services: FollowServices,
): Promise<void> {
  const wanted = wantedEvents(request);
  const isOver = session.summary.reason === 'client_request' && wanted.resumed !== null;
  if (isOver && !(await hasWanted(session, wanted, wanted.resumed.seq))) {
    // A session that its client has closed does not go on: with this a browser stops asking.
    response.status(204).end();
    return;
  }
  const parts = (signal: AbortSignal) => messages(followedEvents(session, wanted, services, signal));
  await sendGrowing(response, parts, eventStream);
}

async function sendNewestEvents(
  request: Request,
  response: Response,
  services: StreamServices,
): Promise<void> {
  const owner = listedOwner(request, services.callers);
  const wanted = wantedEvents(request);
  const parts = (signal: AbortSignal) => messages(newestEvents(owner, wanted, services, signal));
  await sendGrowing(response, parts, eventStream);
}

async function sendSubtitles(
  session: ReadableSession,
  { request, response }: Exchange,
  { sessions }: FollowServices,
): Promise<void> {
  const { user, questions } = parsedQuery(request, subtitlesQuery);
  const parts = (signal: AbortSignal) => liveSubtitles(session, { user, questions, sessions }, signal);
  await sendGrowing(response, parts, { type: 'text/vtt; charset=utf-8', idle: 'NOTE\n\n' });
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** Parameters of `/live.vtt`. */
export const subtitlesQuery = z.object({ user: oneOrZero('1'), questions: questionsQuery });

/** The ping has a name, so that only pages that listen for it hear it. */
const eventStream = { type: 'text/event-stream; charset=utf-8', idle: 'event: ping\ndata: {}\n\n' };

/** How long a browser waits before it comes back, in milliseconds. */
const retryMs = 2000;

async function* messages(followed: AsyncIterable<Followed>): AsyncGenerator<string> {
  yield `retry: ${retryMs}\n\n`;
  for await (const told of followed) {
    await yieldToEventLoop();
    if (told.type === 'event')
      yield `id: ${told.session}:${told.event.seq}\ndata: ${eventLine(told.event)}\n\n`;
    else yield `event: questions\ndata: ${JSON.stringify({ unknown: told.unknown, asked: told.asked })}\n\n`;
  }
}
