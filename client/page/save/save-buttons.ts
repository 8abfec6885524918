import type { DuetView } from '../state/view.js';
import { transcript, type TranscriptFormat } from './transcript.js';

const formats: readonly TranscriptFormat[] = ['json', 'srt', 'vtt'];

/** The buttons that save the conversation as a file. */
export class SaveButtons {
  readonly #buttons = document.querySelectorAll<HTMLButtonElement>('[data-export]');

  /** @param current the view to save, and the name of its video */
  constructor(current: () => { readonly view: DuetView; readonly title: string }) {
    for (const button of this.#buttons) {
      button.addEventListener('click', () => {
        const format = formats.find((one) => one === button.dataset['export']);
        if (format !== undefined) save(current(), format);
      });
    }
  }

  show(view: DuetView): void {
    const nothing = !view.turns.some((turn) => turn.type !== 'note' && turn.videoTime !== null);
    for (const button of this.#buttons) button.disabled = nothing;
  }
}

function save(
  { view, title }: { readonly view: DuetView; readonly title: string },
  format: TranscriptFormat,
): void {
  const { extension, mediaType, text } = transcript(view, format);
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${title.replace(/\.[^.]*$/, '') || 'duet'}.${extension}`;
  link.click();
  // The browser has begun to read the file by the next task; a minute is ample.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
