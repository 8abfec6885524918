import './remote-line.css';
import { modelAtWork } from '../state/suited-model.js';
import type { DuetView, SpentSoFar } from '../state/view.js';

/**
 * Says where the pictures go, of a model that is not on the server's machine, what that has cost so far, and
 * why it does not decide.
 */
export function RemoteLine({ view }: { readonly view: DuetView }) {
  const host = modelAtWork(view)?.host ?? null;
  if (host === null) return null;
  return (
    <p class="remote-line" id="remote-line">
      <span>
        Pictures go to <b>{host}</b>
      </span>
      {view.spent !== null && <span id="spent">{spentText(view.spent)}</span>}
      {view.undecided !== null && <span id="undecided">{view.undecided}</span>}
    </p>
  );
}

/** `12 requests, 4 in the last minute, $0.0031 of $1` */
export function spentText({ calls, calls_last_minute: lately, dollars, budget }: SpentSoFar): string {
  const requests = `${calls} ${calls === 1 ? 'request' : 'requests'}, ${lately} in the last minute`;
  if (dollars === null) return requests;
  const cost = `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
  return `${requests}, ${cost}${budget === null ? '' : ` of $${budget}`}`;
}
