import './overlay.css';
import { captionsView } from './captions-view.js';
import { chatView } from './chat-view.js';
import { followSession } from './follow-session.js';
import { hintOf } from './hint.js';
import { applyLook, readOptions } from './options.js';

/** A page for a browser source of OBS: what one session says, over whatever lies below, for ever. */
const options = readOptions(new URLSearchParams(location.search));
const words = element('words');
applyLook(words, options);
const show = (options.style === 'chat' ? chatView : captionsView)(words, options);
const hint = hintOf(element('hint'));
followSession(options, {
  said: (said) => {
    hint.said();
    show(said);
  },
  questions: hint.questions,
  connected: hint.connected,
  lost: hint.lost,
});

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}`);
  return found;
}
