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

/** @param done the file lies on the server */
export function useUpload(
  done: (file: File, uploadId: string) => void,
  failed: (thrown: unknown) => void,
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
    send: (file) => void send(file),
    cancel: () => {
      running.current.abort();
    },
  };
}
