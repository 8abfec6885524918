import { element, setText } from '../../common/element.js';
import type { DuetView, Phase, Turn } from '../state/view.js';
import { TurnElement, type PickMoment } from './turn-element.js';

/** How near to its end the list counts as being read there, in pixels. */
const nearEnd = 48;

/** The list of turns: follows the newest one as long as the reader is at the end. */
export class Conversation {
  readonly #log = element('log', HTMLOListElement);
  readonly #empty = element('log-empty', HTMLParagraphElement);
  readonly #toEnd = element('to-end', HTMLButtonElement);
  readonly #pick: PickMoment;
  readonly #elements = new Map<string, { readonly shown: TurnElement; turn: Turn }>();
  #atEnd = true;
  #passing: Element | null = null;

  constructor(pick: PickMoment) {
    this.#pick = pick;
    this.#log.addEventListener('scroll', () => {
      this.#atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < nearEnd;
      if (this.#atEnd) this.#toEnd.hidden = true;
    });
    this.#toEnd.addEventListener('click', () => {
      this.#log.focus({ preventScroll: true });
      this.#scrollToEnd();
    });
  }

  show(view: DuetView, before: DuetView): void {
    setText(this.#empty, emptyText(view.phase));
    this.#empty.hidden = view.turns.length > 0;
    if (view.turns === before.turns && this.#elements.size === view.turns.length) return;
    const grown = view.turns.length > this.#elements.size;
    this.#reconcile(view.turns);
    if (this.#atEnd) this.#scrollToEnd();
    else if (grown) this.#toEnd.hidden = false;
  }

  /** Marks the turns said at this moment; null marks none. */
  mark(videoTime: number | null): void {
    for (const { shown } of this.#elements.values()) shown.mark(videoTime);
  }

  /** While a watched video is played again: the turn that was said last at this time is lit. */
  light(videoTime: number | null): void {
    const turns = [...this.#elements.values()];
    const last = turns.findLast(({ turn }) => said(turn, videoTime));
    const passing = last?.shown.element ?? null;
    if (passing === this.#passing) return;
    this.#passing?.classList.remove('passing');
    passing?.classList.add('passing');
    passing?.scrollIntoView({ block: 'nearest' });
    this.#passing = passing;
  }

  #reconcile(turns: readonly Turn[]): void {
    const keys = new Set(turns.map(({ key }) => key));
    for (const [key, { shown }] of this.#elements) {
      if (keys.has(key)) continue;
      shown.element.remove();
      this.#elements.delete(key);
    }
    turns.forEach((turn, index) => {
      this.#place(turn, index);
    });
  }

  #place(turn: Turn, index: number): void {
    const known = this.#elements.get(turn.key);
    const entry = known ?? { shown: new TurnElement(turn, this.#pick), turn };
    if (known === undefined) this.#elements.set(turn.key, entry);
    else if (known.turn !== turn) known.shown.show(turn);
    entry.turn = turn;
    const there = this.#log.children[index] ?? null;
    if (there !== entry.shown.element) this.#log.insertBefore(entry.shown.element, there);
  }

  #scrollToEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#toEnd.hidden = true;
  }
}

function said(turn: Turn, videoTime: number | null): boolean {
  return videoTime !== null && turn.type !== 'note' && turn.videoTime !== null && turn.videoTime <= videoTime;
}

function emptyText(phase: Phase): string {
  if (phase === 'preparing') return 'Getting ready …';
  if (phase === 'failed') return 'Nothing was said.';
  return 'Start the video. What you and the model say appears here, each with its moment in the video.';
}
