import { CaptionQueue } from '../../server/protocol/captions/caption-queue.js';
import type { SaidWords } from './follow-session.js';
import type { OverlayOptions } from './options.js';

/** Shows what is said as captions of two lines. */
export function captionsView(words: HTMLElement, { staySeconds }: OverlayOptions): (said: SaidWords) => void {
  const queue = new CaptionQueue<SaidWords>(
    (lines, said) => {
      words.replaceChildren(...lines.map((line) => captionLine(line, said?.isUser === true)));
    },
    { staySeconds },
  );
  return (said) => {
    queue.add(said);
  };
}

/** Text as text, whatever a stranger has written. */
function captionLine(text: string, isUser: boolean): HTMLElement {
  const line = document.createElement('p');
  line.className = isUser ? 'line user' : 'line';
  line.dir = 'auto';
  line.textContent = text;
  return line;
}
