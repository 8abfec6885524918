import { clockText } from '../../common/clock-text.js';
import { make, setText } from '../../common/element.js';
import type { Turn } from '../state/view.js';

/** Called with the time of a turn that was clicked. */
export type PickMoment = (videoTime: number) => void;

/** One turn on the page: made once, then changed in place while its text grows. */
export class TurnElement {
  readonly element: HTMLLIElement;
  readonly #time = make('button', {
    class: 'turn-time',
    attributes: { type: 'button', 'aria-pressed': 'false' },
  });
  readonly #status = make('span', { class: 'turn-status' });
  readonly #text: HTMLElement;
  #turn: Turn;

  constructor(turn: Turn, pick: PickMoment) {
    this.#turn = turn;
    if (turn.type === 'note') {
      this.#text = make('p');
      this.element = make('li', { class: 'turn note', children: [this.#text] });
    } else {
      const who = make('span', { class: 'turn-who', text: turn.type === 'reply' ? 'Duet' : 'You' });
      const head = make('div', { class: 'turn-head', children: [who, this.#time, this.#status] });
      this.#text = make('p', { class: 'turn-text', attributes: { dir: 'auto' } });
      this.element = make('li', { class: `turn ${turn.type}`, children: [head, this.#text] });
    }
    this.#time.addEventListener('click', () => {
      if (this.#turn.videoTime !== null) pick(this.#turn.videoTime);
    });
    this.show(turn);
  }

  show(turn: Turn): void {
    this.#turn = turn;
    setText(this.#text, turn.text.trimEnd());
    this.#time.hidden = turn.videoTime === null;
    setText(this.#time, turn.videoTime === null ? '' : clockText(turn.videoTime));
    setText(this.#status, statusText(turn));
    this.element.dataset['status'] = statusOf(turn);
  }

  /** Marks the turn as the moment that was picked. */
  mark(videoTime: number | null): void {
    this.#time.setAttribute('aria-pressed', String(videoTime !== null && videoTime === this.#turn.videoTime));
  }
}

function statusOf(turn: Turn): string {
  if (turn.type === 'note') return 'note';
  if (turn.type === 'reply') return turn.status;
  if (turn.refused) return 'refused';
  return turn.videoTime === null ? 'waiting' : 'inserted';
}

function statusText(turn: Turn): string {
  if (turn.type === 'note') return '';
  if (turn.type === 'question')
    return turn.refused ? 'not read' : turn.videoTime === null ? 'waits for the next frame' : '';
  if (turn.cut) return 'cut at the limit';
  return turn.status === 'cancelled' || turn.status === 'failed' ? turn.status : '';
}
