import { DuetClientError } from '../../sdk/client-error.js';
import { element, setText } from '../../common/element.js';
import { uploadVideo } from './upload.js';

/** What the area tells. */
export interface UploadListener {
  /** The file lies on the server. */
  readonly done: (file: File, uploadId: string) => void;
  readonly failed: (error: unknown) => void;
}

/** Where a file is dropped or chosen, and the progress of its way to the server. */
export class UploadArea {
  readonly #drop = element('drop', HTMLLabelElement);
  readonly #input = element('file', HTMLInputElement);
  readonly #box = element('upload', HTMLDivElement);
  readonly #bar = element('upload-progress', HTMLProgressElement);
  readonly #text = element('upload-text', HTMLParagraphElement);
  readonly #listener: UploadListener;
  #running: AbortController | null = null;

  constructor(listener: UploadListener) {
    this.#listener = listener;
    element('upload-cancel', HTMLButtonElement).addEventListener('click', () => {
      this.#running?.abort();
    });
    this.#input.addEventListener('change', () => {
      const [file] = this.#input.files ?? [];
      if (file !== undefined) void this.#send(file);
      // The same file may be chosen again after a failure.
      this.#input.value = '';
    });
    this.#takeDrops();
  }

  #takeDrops(): void {
    const picker = element('picker', HTMLElement);
    picker.addEventListener('dragover', (event) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      this.#drop.classList.add('over');
    });
    picker.addEventListener('dragleave', () => {
      this.#drop.classList.remove('over');
    });
    picker.addEventListener('drop', (event) => {
      this.#drop.classList.remove('over');
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return;
      event.preventDefault();
      void this.#send(file);
    });
  }

  async #send(file: File): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#showProgress(file.name, 0);
    this.#box.hidden = false;
    try {
      const uploadId = await uploadVideo(
        file,
        (part) => {
          this.#showProgress(file.name, part);
        },
        running.signal,
      );
      this.#listener.done(file, uploadId);
    } catch (thrown) {
      const wanted = thrown instanceof DuetClientError && thrown.code === 'cancelled';
      if (!wanted) this.#listener.failed(thrown);
    } finally {
      if (this.#running === running) this.#box.hidden = true;
    }
  }

  #showProgress(name: string, part: number): void {
    this.#bar.value = part;
    setText(this.#text, part < 1 ? `${name}: ${Math.floor(part * 100)} %` : `${name}: checking …`);
  }
}
