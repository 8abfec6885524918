import { element, setText } from '../../common/element.js';
import { againText, type DuetView, type Phase } from '../state/view.js';

/** Time for which a finished reply stays on the picture, in milliseconds. */
const captionMs = 6000;

/** What lies over the picture: the start button, a note, and what the model says. */
export class Screen {
  readonly #stage = element('stage', HTMLDivElement);
  readonly #start = element('start', HTMLButtonElement);
  readonly #startText = element('start-text', HTMLSpanElement);
  readonly #note = element('screen-note', HTMLParagraphElement);
  readonly #caption = element('caption', HTMLParagraphElement);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unplayable = false;
  #away = false;
  #phase: Phase = 'idle';
  /** What trying again after a failure is called; null where only another video helps. */
  #again: string | null = null;

  constructor(start: () => void, leave: () => void) {
    this.#start.addEventListener('click', () => {
      if (isBusy(this.#phase)) return;
      if (this.#phase === 'failed' && this.#again === null) leave();
      else start();
    });
  }

  /** Whether the browser cannot play the video itself. */
  unplayable(unplayable: boolean): void {
    this.#unplayable = unplayable;
    this.#showNote();
  }

  /** To be called for every picture of the screen; a video that is shown again must not be covered. */
  step(replaying: boolean): void {
    this.#start.hidden = startLabel(this.#phase, this.#again) === null || replaying;
  }

  show(view: DuetView, before: DuetView): void {
    this.#phase = view.phase;
    if (view.problem !== null) this.#again = view.problem.retry ? againText(view) : null;
    this.#away = view.connection.type === 'reconnecting';
    this.#showNote();
    this.#stage.dataset['phase'] = view.phase;
    const label = startLabel(view.phase, this.#again);
    // Not disabled: it keeps the focus until it can be pressed.
    this.#start.setAttribute('aria-disabled', String(isBusy(view.phase)));
    setText(this.#startText, label ?? '');
    if (view.turns !== before.turns) this.#showReply(view);
    if (view.phase === 'ended' || view.phase === 'failed') this.#caption.hidden = true;
  }

  #showReply(view: DuetView): void {
    const reply = view.turns.findLast((turn) => turn.type === 'reply');
    const text = reply?.text.trim() ?? '';
    if (text === this.#caption.textContent) return;
    this.#caption.textContent = text;
    this.#caption.hidden = text === '';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#caption.hidden = true;
    }, captionMs);
  }

  #showNote(): void {
    const note = this.#noteText();
    this.#note.hidden = note === '';
    setText(this.#note, note);
  }

  #noteText(): string {
    if (this.#away) return 'The server is out of reach. Trying again …';
    // A video that the server cannot read either has a problem of its own.
    const unplayable = this.#unplayable && this.#phase !== 'failed';
    return unplayable ? 'This browser cannot show the format; the model watches it all the same.' : '';
  }
}

function isBusy(phase: Phase): boolean {
  return phase === 'preparing' || phase === 'starting';
}

function startLabel(phase: Phase, again: string | null): string | null {
  switch (phase) {
    case 'preparing':
      return 'Getting ready …';
    case 'ready':
      return 'Start';
    case 'starting':
      return 'Starting …';
    case 'ended':
      return 'Watch again';
    case 'failed':
      return again ?? 'Choose another video';
    case 'idle':
    case 'running':
    case 'paused':
      return null;
  }
}
