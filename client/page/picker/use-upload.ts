import { useRef, useState } from 'preact/hooks';
import { DuetClientError } from '../../sdk/client-error.js';
import { uploadVideo } from '../server/upload.js';

/** A file on its way to the server; a second one takes the place of the first. */
export interface FileUpload {
  /** How much has been sent, in [0, 1]; null when nothing is on its way. */
  readonly progress: { readonly name: string; readonly part: number } | null;
  readonly send: (file: File) => void;
  readonly cancel: () => void;
}

/**
 * @param done the file lies on the server
 * @param mostBytes the largest file that the server takes; null if it is not known
 */
export function useUpload(
  done: (file: File, uploadId: string) => void,
  failed: (thrown: unknown) => void,
  mostBytes: number | null,
): FileUpload {
  const [progress, setProgress] = useState<FileUpload['progress']>(null);
  const running = useRef(new AbortController());
  const send = async (file: File): Promise<void> => {
    running.current.abort();
    const { signal } = (running.current = new AbortController());
    const onProgress = (part: number): void => {
      setProgress({ name: file.name, part });
    };
    onProgress(0);
    try {
      done(file, await uploadVideo(file, onProgress, signal));
    } catch (thrown) {
      const wanted = thrown instanceof DuetClientError && thrown.code === 'cancelled';
      if (!wanted) failed(thrown);
    } finally {
      if (signal === running.current.signal) setProgress(null);
    }
  };
  return {
    progress,
    send: (file) => {
      if (mostBytes === null || file.size <= mostBytes) void send(file);
      else failed(tooLarge(file, mostBytes));
    },
    cancel: () => {
      running.current.abort();
    },
  };
}

/** Said before hundreds of megabytes are sent in vain. */
function tooLarge({ name, size }: File, mostBytes: number): DuetClientError {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return new DuetClientError(
    'too_large',
    `${name} has ${megabytes(size)}, and this server takes ${megabytes(mostBytes)}: ` +
      'cut it, or start the server with a larger --max-upload-megabytes',
  );
}
