import { extname } from 'node:path';
import { Router, type RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { DuetError } from '../../errors.js';
import type { UploadStore } from '../upload-store.js';
import { sendVideo } from './send-video.js';

const videoTypes = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .ts .ogv .flv .wmv .3gp .gif'.split(' '),
);

/** `POST /v1/uploads` (multipart, field `file`) and `GET /v1/uploads/{id}`, which understands Range. */
export function uploadRoutes(store: UploadStore, newId: () => string): Router {
  const router = Router();
  router.post('/', requireRoom(store), receiveFile(store, newId), (request, response) => {
    const { file } = request;
    if (!file)
      throw new DuetError('invalid_request', 'The upload has no file: send it as the multipart field "file"');
    const [id = ''] = file.filename.split('.');
    const upload = store.add({ id, path: file.path, bytes: file.size });
    response.status(201).json({ upload_id: upload.id, bytes: upload.bytes, url: `/v1/uploads/${upload.id}` });
  });
  router.get('/:id', (request, response, next) => {
    sendVideo(store.get(request.params.id).path, response, next);
  });
  return router;
}

function requireRoom(store: UploadStore): RequestHandler {
  return (_request, _response, next) => {
    store.requireRoom();
    next();
  };
}

function receiveFile(store: UploadStore, newId: () => string): RequestHandler {
  const receive = multer({
    storage: multer.diskStorage({
      destination: store.folder,
      // Nothing of the client's file name reaches the disk but a known ending.
      filename: (_request, file, done) => {
        done(null, newId() + extname(file.originalname).toLowerCase());
      },
    }),
    limits: { fileSize: store.limits.maxBytes, files: 1, fields: 0, parts: 1 },
    fileFilter: (_request, file, accept) => {
      if (videoTypes.has(extname(file.originalname).toLowerCase())) accept(null, true);
      else accept(new DuetError('unsupported', `Upload a video file (${[...videoTypes].join(' ')})`));
    },
  }).single('file');
  return (request, response, next) => {
    receive(request, response, (thrown: unknown) => {
      next(thrown === undefined ? undefined : uploadError(thrown));
    });
  };
}

/** Tells a client's faulty upload from a failing disk. */
function uploadError(thrown: unknown): unknown {
  if (thrown instanceof MulterError && thrown.code === 'LIMIT_FILE_SIZE') {
    return new DuetError('too_large', 'The upload is larger than the server takes', { cause: thrown });
  }
  const isSystemError = thrown instanceof Error && 'errno' in thrown;
  if (thrown instanceof DuetError || !(thrown instanceof Error) || isSystemError) return thrown;
  return new DuetError('invalid_request', `The upload was refused: ${thrown.message}`, { cause: thrown });
}
