import { Router } from 'express';
import type { UploadStore } from '../../library/upload-store.js';
import { receiveUpload } from './receive-upload.js';
import { sendVideo } from './send-video.js';
import { defaultUploadPace, type UploadPace } from './upload-pace.js';

/**
 * `POST /v1/uploads` (multipart, field `file`), `GET /v1/uploads/{id}`, which understands Range, and `DELETE
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
  router.get('/:id', (request, response, next) => {
    const { path, type, release } = store.use(request.params.id);
    response.once('close', release);
    if (type !== null) response.type(type);
    sendVideo(path, response, next);
  });
  router.delete('/:id', async (request, response) => {
    await store.delete(request.params.id);
    response.status(204).end();
  });
  return router;
}
