import { clockText } from '../../common/clock-text.js';
import { element, setText } from '../../common/element.js';
import type { DuetView, ReplyTurn } from '../state/view.js';

/** Tells screen readers what happens to the video, and finished replies: whole, once, not piece by piece while they are written. */
export class Announcer {
  readonly #live = element('announcer', HTMLParagraphElement);
  readonly #status = element('status', HTMLParagraphElement);

  show(view: DuetView, before: DuetView): void {
    if (view.turns === before.turns) return;
    const note = view.turns.findLast((turn) => turn.type === 'note');
    setText(this.#status, note?.text ?? '');
    const done = finished(view);
    if (done === undefined || done.key === finished(before)?.key) return;
    this.#live.textContent = `Duet at ${clockText(done.videoTime)}: ${done.text}`;
  }
}

function finished(view: DuetView): ReplyTurn | undefined {
  return view.turns.findLast((turn): turn is ReplyTurn => turn.type === 'reply' && turn.status !== 'talking');
}
