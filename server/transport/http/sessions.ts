import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { DuetError } from '../../errors.js';
import {
  formatTranscript,
  isSilentLine,
  readTranscript,
  transcriptTypes,
  type TranscriptType,
} from '../../records/transcript.js';
import { eventLine } from '../../records/wire-event.js';
import type { ReadableSession, ReadableSessions } from '../sessions/readable-sessions.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { oneOrZero, parsedQuery, wholeParameter } from './parsed-query.js';

/**
 * `GET /v1/sessions`, the open and the ended ones; `GET /v1/sessions/{id}` with `/transcript` and `/events`,
 * where a token of `session.share` may stand for the id; `DELETE /v1/sessions/{id}`.
 */
export function sessionRoutes(sessions: ReadableSessions, callers: Callers): Router {
  const router = Router();
  const { ownerOf } = callers;
  router.get('/', async (request, response) => {
    const owner = listedOwner(request, callers);
    const { sessions: data, cursor } = await sessions.list(owner, parsedQuery(request, pageQuery));
    response.json({ data, next_cursor: cursor });
  });
  router.get('/:id', async (request, response) => {
    const session = await sessions.find(request.params.id, ownerOf(request));
    const said = parsedQuery(request, transcriptQuery);
    const { turns } = await readTranscript(session.events({ skip: isSilentLine }), said);
    const { summary, settings, memory } = session;
    response.json({ ...summary, settings, memory, transcript: turns });
  });
  router.get('/:id/transcript', async (request, response) => {
    const session = await sessions.find(request.params.id, ownerOf(request));
    await sendTranscript(session, acceptedType(request), request, response);
  });
  router.get('/:id/transcript.:type', async (request, response) => {
    const session = await sessions.find(request.params.id, ownerOf(request));
    await sendTranscript(session, requireType(request.params.type), request, response);
  });
  router.get('/:id/events', async (request, response) => {
    const session = await sessions.find(request.params.id, ownerOf(request));
    const lines = Readable.from(jsonLines(session.events(parsedQuery(request, eventsQuery))));
    await pipeline(lines, response.type('application/x-ndjson')).catch((thrown: unknown) => {
      if (!response.destroyed) throw thrown;
    });
  });
  router.delete('/:id', async (request, response) => {
    await sessions.delete(request.params.id, ownerOf(request));
    response.status(204).end();
  });
  return router;
}

/** Who asks, and what that allows. */
export interface Callers {
  /** The owner of a request. */
  readonly ownerOf: (request: Request) => SessionOwner;
  /**
   * Whether callers without an owner may list the sessions of nobody. An id is the key to its session, so
   * only where all of them are this machine's user.
   */
  readonly mayListUnowned: boolean;
}

/** The owner whose sessions a request may list. Throws 'unauthorized' where it may not. */
export function listedOwner(request: Request, { ownerOf, mayListUnowned }: Callers): SessionOwner {
  const owner = ownerOf(request);
  // Behind a proxy on this machine everybody seems to be its user.
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => name in request.headers);
  if (owner !== null || (mayListUnowned && !isForwarded)) return owner;
  const message =
    'Sessions are listed only for the user of this machine, while the server listens on loopback: ' +
    'a session id is the key to its session';
  throw new DuetError('unauthorized', message);
}

async function sendTranscript(
  session: ReadableSession,
  type: TranscriptType,
  request: Request,
  response: Response,
): Promise<void> {
  const said = parsedQuery(request, transcriptQuery);
  const transcript = await readTranscript(session.events({ skip: isSilentLine }), said);
  response.type(`${transcriptTypes[type]}; charset=utf-8`);
  response.vary('Accept');
  response.end(formatTranscript(transcript, type));
}

function acceptedType(request: Request): TranscriptType {
  const accepted = request.accepts(Object.values(transcriptTypes));
  return typeNames.find((type) => transcriptTypes[type] === accepted) ?? 'json';
}

function requireType(named: string): TranscriptType {
  const known = typeNames.find((type) => type === named);
  if (known !== undefined) return known;
  const types = typeNames.join(', ');
  throw new DuetError(
    'not_found',
    `There are no transcripts of type ${named.slice(0, 20)}: ask for ${types}`,
  );
}

const typeNames = Object.keys(transcriptTypes).filter(
  (type): type is TranscriptType => type in transcriptTypes,
);

/** Parameters of `/events`. */
export const eventsQuery = z.object({
  after: wholeParameter('must be the seq of an event, a whole number', 0).default(0),
});

/** Parameters of the list of sessions. */
export const pageQuery = z.object({
  limit: wholeParameter('must be a whole number from 1 to 500', 1, 500).default(100),
  cursor: z.string().max(200).optional(),
});

/** Parameters of what was said. */
export const transcriptQuery = z.object({ suppressed: oneOrZero('0'), user: oneOrZero('1') });

async function* jsonLines(events: AsyncIterable<SessionEvent>): AsyncGenerator<string, void> {
  for await (const event of events) {
    await yieldToEventLoop();
    yield `${eventLine(event)}\n`;
  }
}
