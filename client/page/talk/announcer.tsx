import { clockText } from '../../common/clock-text.js';
import { awaitedSender, waitingText, type DuetView, type ReplyTurn, type ShownTurn } from '../state/view.js';

/**
 * Tells screen readers what happens to the video, and finished replies: whole, once, not piece by piece while
 * they are written.
 */
export function Announcer({ view }: { readonly view: DuetView }) {
  const { turns } = view;
  const reply = turns.findLast(isFinished);
  const note = turns.findLast((turn) => turn.type === 'note');
  return (
    <>
      <p class="visually-hidden" id="announcer" aria-live="polite">
        {reply && `Duet at ${clockText(reply.videoTime)}: ${reply.text}`}
      </p>
      <p class="visually-hidden" id="status" role="status">
        {awaitedSender(view) === null ? note?.text : waitingText}
      </p>
    </>
  );
}

function isFinished(turn: ShownTurn): turn is ReplyTurn {
  return turn.type === 'reply' && turn.status !== 'talking';
}
