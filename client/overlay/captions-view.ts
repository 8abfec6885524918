import { CaptionQueue, type Caption } from './caption-queue.js';
import type { SaidWords } from './follow-session.js';
import type { OverlayOptions } from './options.js';

/** Shows what is said as captions of two lines. */
export function captionsView(words: HTMLElement, { staySeconds }: OverlayOptions): (said: SaidWords) => void {
  const queue = new CaptionQueue((caption) => {
    words.replaceChildren(...(caption === null ? [] : linesOf(caption)));
  }, staySeconds);
  return (said) => {
    queue.add(said);
  };
}

/** Text as text, whatever a stranger has written. */
function linesOf({ lines, isUser }: Caption): readonly HTMLElement[] {
  return lines.map((text) => {
    const line = document.createElement('p');
    line.className = isUser ? 'line user' : 'line';
    line.dir = 'auto';
    line.textContent = text;
    return line;
  });
}
