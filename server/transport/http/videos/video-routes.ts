import { Router } from 'express';
import type { SampleLibrary } from '../../../library/samples.js';
import type { UploadStore } from '../../../library/upload-store.js';
import type { Ingest } from '../../ingest/ingest.js';
import { defaultUploadPace, receiveUpload, type UploadPace } from './receive-upload.js';
import { sendVideo } from './send-video.js';

/** `GET /v1/sources`: what may be watched here, so that a page need not offer what would be refused. */
export function sourceRoutes({ addresses, uploads, ingest }: SourceServices): Router {
  const router = Router();
  router.get('/', (_request, response) => {
    const pushed = ingest?.protocols ?? [];
    response.json({
      data: [
        ...[{ type: 'sample' }, { type: 'pictures' }, { type: 'container' }],
        { type: 'upload', max_bytes: uploads.limits.maxBytes },
        ...(addresses?.isAny === true ? [{ type: 'url', private: addresses.isPrivate }] : []),
        ...pushed.map((protocol) => ({ type: 'ingest', protocol })),
      ],
    });
  });
  return router;
}

/** Which addresses a server fetches for its clients. */
export interface AllowedAddresses {
  readonly isAny: boolean;
  /** Whether they may lead to its own machine and to private networks. */
  readonly isPrivate: boolean;
}

interface SourceServices {
  readonly addresses?: AllowedAddresses;
  readonly uploads: Pick<UploadStore, 'limits'>;
  readonly ingest?: Pick<Ingest, 'protocols'>;
}

/** `GET /v1/samples` and `GET /v1/samples/{name}`, the clip itself, with Range support. */
export function sampleRoutes(library: SampleLibrary): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    const samples = await library.list();
    response.json({
      data: samples.map(({ name, questions, footage }) => ({
        name,
        footage,
        url: `/v1/samples/${encodeURIComponent(name)}`,
        questions: questions.map(({ text, videoTime, spans }) => ({ text, video_time: videoTime, spans })),
      })),
    });
  });
  router.get('/:name', async (request, response, next) => {
    const { path } = await library.get(request.params.name);
    await sendVideo(path, request, response, next);
  });
  return router;
}

/**
 * `POST /v1/uploads` (multipart, field `file`), `GET /v1/uploads/{id}`, with Range support, and `DELETE
 * /v1/uploads/{id}`.
 */
export function uploadRoutes(
  store: UploadStore,
  newId: () => string,
  pace: UploadPace = defaultUploadPace,
): Router {
  const router = Router();
  router.post('/', async (request, response) => {
    const { id, bytes } = await receiveUpload(request, response, { store, id: newId(), pace });
    response.status(201).json({ upload_id: id, bytes, url: `/v1/uploads/${id}` });
  });
  router.get('/:id', async (request, response, next) => {
    const { path, type, release } = store.use(request.params.id);
    response.once('close', release);
    if (type !== null) response.type(type);
    await sendVideo(path, request, response, next);
  });
  router.delete('/:id', async (request, response) => {
    await store.delete(request.params.id);
    response.status(204).end();
  });
  return router;
}
