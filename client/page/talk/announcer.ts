import { clockText } from '../clock-text.js';
import { element } from '../element.js';
import type { DuetView, ReplyTurn } from '../state/view.js';

/** Reads finished replies to screen readers: whole, once, and not piece by piece while they are written. */
export class Announcer {
  readonly #live = element('announcer', HTMLParagraphElement);

  show(view: DuetView, before: DuetView): void {
    if (view.turns === before.turns) return;
    const done = finished(view);
    if (done === undefined || done.key === finished(before)?.key) return;
    this.#live.textContent = `Duet at ${clockText(done.videoTime)}: ${done.text}`;
  }
}

function finished(view: DuetView): ReplyTurn | undefined {
  return view.turns.findLast((turn): turn is ReplyTurn => turn.type === 'reply' && turn.status !== 'talking');
}
