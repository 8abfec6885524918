import { Router, type Request } from 'express';
import { z } from 'zod';
import { EitherSignal } from '../../../concurrency/either-signal.js';
import type { SessionOwner } from '../../../duet/record/session-state.js';
import { previewOf } from '../../../duet/watching/preview.js';
import { pictureShapeFor } from '../../../runtime/capabilities.js';
import type { ReadableSessions } from '../../sessions/readable-sessions.js';
import { parsedQuery, wholeParameter } from '../parsed-query.js';

/**
 * `GET /v1/sessions/{id}/picture.jpg`, the picture that the session looks at; with `?after=`, the number of
 * one that was had, the next one as soon as it is there. A token of `session.share` may stand for the id.
 */
export function pictureRoutes(
  sessions: Pick<ReadableSessions, 'findOpen'>,
  ownerOf: (request: Request) => SessionOwner,
): Router {
  const router = Router();
  router.get('/:id/picture.jpg', async (request, response) => {
    const session = await sessions.findOpen(request.params.id, ownerOf(request));
    const { after } = parsedQuery(request, pictureQuery);
    using gone = new AbortOnClose(response);
    using until = new EitherSignal(gone.signal, session.ending, AbortSignal.timeout(patienceMs));
    const seen = await session.pictures.after(after, until.signal);
    response.setHeader('Cache-Control', 'no-store');
    if (seen === null) {
      response.status(204).end();
      return;
    }
    response.setHeader('Duet-Picture', seen.number);
    response.setHeader('Duet-Video-Time', seen.videoTime);
    response.type('jpeg').end(await previewOf(seen, pictureShapeFor(session.model.capabilities).fit));
  });
  return router;
}

/** How long a request waits for a picture, in milliseconds: less than proxies usually do. */
const patienceMs = 20_000;

/** Aborts when the client goes before it has its answer. */
class AbortOnClose implements Disposable {
  readonly #closed = new AbortController();
  readonly #response: Closing;

  constructor(response: Closing) {
    this.#response = response;
    response.once('close', this.#close);
  }

  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  [Symbol.dispose](): void {
    this.#response.off('close', this.#close);
  }

  readonly #close = (): void => {
    this.#closed.abort();
  };
}

interface Closing {
  once(event: 'close', hear: () => void): unknown;
  off(event: 'close', hear: () => void): unknown;
}

/** Parameters of `/picture.jpg`. */
export const pictureQuery = z.object({
  after: wholeParameter('must be the number of a picture, as Duet-Picture tells it', 0).default(0),
});
