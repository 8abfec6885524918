import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Router } from 'express';
import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionRegistry } from '../../duet/registry.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { settingsToWire, toWire } from '../wire.js';

/**
 * `GET /v1/sessions/{id}`, the transcript, and `GET /v1/sessions/{id}/events`, the full record as JSON lines.
 */
export function sessionRoutes(registry: SessionRegistry, ownerOf: OwnerOf): Router {
  const router = Router();
  router.get('/:id', (request, response) => {
    const session = registry.get(request.params.id, ownerOf(request));
    response.json({
      session_id: session.id,
      model: session.model.capabilities.name,
      settings: settingsToWire(session.settings),
      video_time: session.videoTime,
      transcript: transcript(session.log.snapshot()),
    });
  });
  router.get('/:id/events', (request, response) => {
    const events = registry.get(request.params.id, ownerOf(request)).log.snapshot();
    response.type('application/x-ndjson');
    Readable.from(jsonLines(events)).pipe(response);
  });
  return router;
}

/** The owner of a request. */
export type OwnerOf = (request: IncomingMessage) => SessionOwner;

/** What was said, in order. */
function transcript(events: readonly SessionEvent[]): readonly Record<string, unknown>[] {
  return events.flatMap((event) => {
    if (event.type === 'user.text.inserted') {
      return [{ role: 'user', video_time: event.videoTime, text: event.text }];
    }
    if (event.type !== 'response.done') return [];
    return [{ role: 'assistant', video_time: event.videoTime, text: event.text, status: event.status }];
  });
}

function* jsonLines(events: readonly SessionEvent[]): Generator<string, void> {
  for (const event of events) yield `${JSON.stringify(toWire(event))}\n`;
}
