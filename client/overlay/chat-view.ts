import type { SaidWords } from './follow-session.js';
import type { OverlayOptions } from './options.js';

/** Shows what is said as a chat: the newest last, and only so many. */
export function chatView(words: HTMLElement, options: OverlayOptions): (said: SaidWords) => void {
  const { messages, staySeconds } = options;
  return (said) => {
    const message = chatMessage(said);
    words.append(message);
    while (words.childElementCount > messages) words.firstElementChild?.remove();
    if (staySeconds === null || staySeconds === Infinity) return;
    setTimeout(() => {
      message.remove();
    }, staySeconds * 1000);
  };
}

function chatMessage({ text, isUser }: SaidWords): HTMLElement {
  const message = document.createElement('p');
  message.className = isUser ? 'message user' : 'message';
  message.dir = 'auto';
  // A message longer than the screen would push away all others.
  message.textContent = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return message;
}

const mostCharacters = 600;
