import { DuetClientError } from '../../sdk/client-error.js';
import { field, httpAddress, parsed, httpRefusal } from './http.js';

/** How much of a file has been sent, in [0, 1]. */
type UploadProgress = (part: number) => void;

/**
 * Sends a video to the server; resolves to its upload id. Throws `DuetClientError`, with 'cancelled' when the
 * signal ended it. (`fetch` cannot tell how much it has sent.)
 */
export function uploadVideo(file: File, onProgress: UploadProgress, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      onProgress(total === 0 ? 0 : loaded / total);
    });
    request.addEventListener('load', () => {
      const id = field(parsed(request.responseText), 'upload_id');
      if (request.status === 201 && typeof id === 'string') resolve(id);
      else reject(httpRefusal(request.status, request.responseText));
    });
    request.addEventListener('error', () => {
      reject(lostUpload(file.name));
    });
    request.addEventListener('abort', () => {
      reject(new DuetClientError('cancelled', `The upload of ${file.name} was cancelled`));
    });
    signal.addEventListener('abort', () => {
      request.abort();
    });
    const form = new FormData();
    form.append('file', file);
    request.open('POST', httpAddress('/v1/uploads'));
    request.send(form);
  });
}

/**
 * Tells the server that an upload is no longer needed. It would notice by itself in an hour, so a failure
 * does not matter.
 */
export function forgetUpload(id: string): void {
  const request = fetch(httpAddress(`/v1/uploads/${encodeURIComponent(id)}`), {
    method: 'DELETE',
    keepalive: true,
  });
  request.catch(() => undefined);
}

function lostUpload(name: string): DuetClientError {
  const message =
    `The connection broke while ${name} was sent: the file may be larger ` +
    'than the server allows, or the server may be away';
  return new DuetClientError('connection_lost', message, { retryable: true });
}
