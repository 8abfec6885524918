import { element, make } from '../element.js';
import { talkingReply, type DuetView, type Phase } from '../state/view.js';

/** What the person can do in the conversation. */
export interface ComposerActions {
  readonly say: (text: string) => void;
  readonly cancelReply: () => void;
}

/** Where the person types: Enter sends, Shift+Enter begins a line; it works at any time, also during a reply. */
export class Composer {
  readonly #message = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #cancel = element('cancel', HTMLButtonElement);
  readonly #chips = element('suggestions', HTMLDivElement);
  readonly #actions: ComposerActions;

  constructor(actions: ComposerActions) {
    this.#actions = actions;
    element('composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#message.addEventListener('keydown', (event) => {
      // An Enter that ends the input of a Chinese or Japanese word is not meant for us.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#cancel.addEventListener('click', () => {
      actions.cancelReply();
      this.#message.focus();
    });
  }

  /** Offers questions that suit the video. */
  suggest(questions: readonly string[]): void {
    this.#chips.replaceChildren(...[...new Set(questions)].slice(0, 3).map((text) => this.#chip(text)));
  }

  show(view: DuetView): void {
    const open = ['ready', 'starting', 'running', 'paused'].includes(view.phase);
    this.#send.disabled = !open;
    this.#message.placeholder = placeholderOf(view.phase);
    for (const chip of this.#chips.querySelectorAll('button')) chip.disabled = !open;
    this.#cancel.hidden = talkingReply(view) === null;
  }

  #chip(text: string): HTMLButtonElement {
    const chip = make('button', { class: 'chip', text, attributes: { type: 'button' } });
    chip.addEventListener('click', () => {
      this.#actions.say(text);
      // It stays where it is, so that nothing moves under the pointer.
      chip.dataset['used'] = 'true';
    });
    return chip;
  }

  #submit(): void {
    const text = this.#message.value.trim();
    if (text === '' || this.#send.disabled) return;
    this.#actions.say(text);
    this.#message.value = '';
  }
}

function placeholderOf(phase: Phase): string {
  if (phase === 'ended') return 'Watch again to go on talking';
  return phase === 'ready' ? 'Ask before it starts, or at any time' : 'Say something at any time';
}
