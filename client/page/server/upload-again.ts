import type { WireSource } from '../../../server/protocol/client-messages.js';
import { problemOfThrown } from '../state/problem.js';
import type { Problem } from '../state/view.js';
import { uploadVideo } from './upload.js';

/** Callbacks for sending a file again. */
interface UploadAgainListener {
  /** The file is on the server again. */
  readonly done: (source: WireSource) => void;
  /** The progress, or why it failed. */
  readonly tell: (problem: Problem) => void;
}

/**
 * Sends the file of the chosen video again when the server has lost it, as after a restart: once for each
 * start.
 */
export class UploadAgain {
  readonly #listener: UploadAgainListener;
  #file: File | null = null;
  #running: AbortController | null = null;

  constructor(listener: UploadAgainListener) {
    this.#listener = listener;
  }

  /** The file that lies on the server now; null where the video is not the user's own file. */
  hold(file: File | null): void {
    this.#running?.abort();
    this.#running = null;
    this.#file = file;
  }

  /** The video plays: should it be gone the next time, it may be sent again. */
  settled(): void {
    this.#running = null;
  }

  /** The server does not know the file. */
  async send(): Promise<void> {
    if (this.#file === null || this.#running !== null) return;
    const running = (this.#running = new AbortController());
    try {
      const id = await uploadVideo(
        this.#file,
        (part) => {
          this.#listener.tell(progress(part));
        },
        running.signal,
      );
      this.#listener.done({ type: 'upload', upload_id: id });
    } catch (thrown) {
      if (!running.signal.aborted) this.#listener.tell(problemOfThrown(thrown));
    }
  }
}

function progress(part: number): Problem {
  const remedy = `It is being sent again: ${Math.floor(part * 100)} %`;
  return { what: 'The server no longer has the file', remedy, retry: false };
}
