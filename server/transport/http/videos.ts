import { Router } from 'express';
import type { SampleLibrary } from '../../library/samples.js';
import { sendVideo } from './send-video.js';

/** `GET /v1/samples` and `GET /v1/samples/{name}`, the clip itself, which understands Range. */
export function sampleRoutes(library: SampleLibrary): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    const samples = await library.list();
    response.json({
      data: samples.map(({ name, questions }) => ({
        name,
        url: `/v1/samples/${encodeURIComponent(name)}`,
        questions: questions.map(({ text, videoTime }) => ({ text, video_time: videoTime })),
      })),
    });
  });
  router.get('/:name', async (request, response, next) => {
    const { path } = await library.get(request.params.name);
    sendVideo(path, response, next);
  });
  return router;
}
