import { element, make } from '../../common/element.js';
import { talkingReply, type DuetView, type Phase } from '../state/view.js';

/** What the person can do in the conversation. */
export interface ComposerActions {
  readonly say: (text: string) => void;
  /** There is no session to say it in: begins another one with it. */
  readonly startWith: (text: string) => void;
  readonly cancelReply: () => void;
}

/**
 * Where the person types: Enter sends, Shift+Enter begins a line; it works at any time, also during a reply.
 */
export class Composer {
  readonly #message = element('message', HTMLTextAreaElement);
  readonly #send = element('send', HTMLButtonElement);
  readonly #cancel = element('cancel', HTMLButtonElement);
  readonly #chips = element('suggestions', HTMLDivElement);
  readonly #actions: ComposerActions;
  #audience: Audience = 'nobody';

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
    this.#audience = audienceOf(view);
    const closed = this.#audience === 'nobody';
    this.#send.disabled = closed;
    this.#message.placeholder = placeholderOf(view.phase, this.#audience);
    for (const chip of this.#chips.querySelectorAll('button')) chip.disabled = closed;
    this.#cancel.hidden = talkingReply(view) === null;
  }

  #chip(text: string): HTMLButtonElement {
    const chip = make('button', { class: 'chip', text, attributes: { type: 'button' } });
    chip.addEventListener('click', () => {
      this.#tell(text);
      // It stays where it is, so that nothing moves under the pointer.
      chip.dataset['used'] = 'true';
    });
    return chip;
  }

  #submit(): void {
    const text = this.#message.value.trim();
    if (text === '' || this.#audience === 'nobody') return;
    this.#tell(text);
    this.#message.value = '';
  }

  #tell(text: string): void {
    if (this.#audience === 'session') this.#actions.say(text);
    else this.#actions.startWith(text);
  }
}

/**
 * Who hears what is typed: the session, also after the end of the video; the one that begins with it; or
 * nobody yet.
 */
type Audience = 'session' | 'next session' | 'nobody';

function audienceOf({ phase, connection, problem }: DuetView): Audience {
  if (phase === 'idle' || phase === 'preparing') return 'nobody';
  if (phase === 'failed') return problem?.retry === false ? 'nobody' : 'next session';
  return connection.type === 'closed' ? 'next session' : 'session';
}

function placeholderOf(phase: Phase, audience: Audience): string {
  if (audience === 'next session') return 'Ask, and start again';
  if (phase === 'paused') return 'Ask about this picture';
  if (phase === 'ended') return 'Ask about the video';
  return phase === 'ready' ? 'Ask before it starts' : 'Ask at any time';
}
