import './what-if.css';
import { useState } from 'preact/hooks';
import { onlyLive } from '../../../server/settings/controls.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import { shortClockText } from '../../common/clock-text.js';
import type { PageProps } from '../commands.js';
import type { DuetView } from '../state/view.js';
import { inSpan } from './in-span.js';
import type { Tried } from './use-what-if.js';

/** Begins to try settings out, and ends it. */
export function WhatIfButton({ view, commands }: Pick<PageProps, 'view' | 'commands'>) {
  const { settings, triedOut, frames } = view;
  return (
    <button
      type="button"
      class="button small"
      id="what-if"
      aria-pressed={triedOut !== null}
      title="Try other settings on what was scored, without changing anything"
      disabled={settings === null || frames.length === 0}
      onClick={() => {
        commands.tryOut(triedOut === null ? settings : null);
      }}
    >
      What if
    </button>
  );
}

interface WhatIfLineProps extends PageProps {
  readonly tried: Tried | null;
  readonly triedOut: WireLiveSettings;
}

/** What the settings that are tried out would have done, how exact that is, and what to do with them. */
export function WhatIfLine({ view, commands, tried, triedOut }: WhatIfLineProps) {
  return (
    <div class="what-if" id="what-if-line">
      <p class="what-if-text" id="what-if-text" role="status">
        {tried === null ? 'Loading …' : resultText(view, tried)}
      </p>
      <AimForm
        aim={(perMinute) => {
          const found = tried?.aimedAt(view, triedOut, perMinute) ?? null;
          if (found !== null) commands.tryOut(found);
        }}
      />
      <button
        type="button"
        class="button small primary"
        id="what-if-apply"
        onClick={() => {
          // The first event of a session has those, too, that cannot be changed.
          commands.update(onlyLive(triedOut));
          commands.tryOut(null);
        }}
      >
        Apply
      </button>
    </div>
  );
}

/** Finds the threshold for so many replies a minute. */
function AimForm({ aim }: { readonly aim: (perMinute: number) => void }) {
  const [wanted, setWanted] = useState(2);
  return (
    <form
      class="aim"
      id="aim"
      onSubmit={(event) => {
        event.preventDefault();
        aim(wanted);
      }}
    >
      <label for="aim-at">Aim for</label>
      <input
        type="number"
        id="aim-at"
        min={0}
        max={600}
        step="any"
        value={wanted}
        onInput={({ currentTarget }) => {
          if (Number.isFinite(currentTarget.valueAsNumber)) setWanted(currentTarget.valueAsNumber);
        }}
      />
      <span>a minute</span>
      <button type="submit" class="button small">
        Find
      </button>
    </form>
  );
}

function resultText(view: DuetView, { result }: Tried): string {
  const { times, perMinute, exactUntil, unknownWords } = result;
  const replies = `${times.length} ${times.length === 1 ? 'reply' : 'replies'}, ${perMinute.toFixed(1)} a minute`;
  const met = inSpan(view, times);
  const spans =
    met === null ? '' : `; ${met.replies} in a span, ${met.spans} of ${met.allSpans} spans answered`;
  const words = unknownWords === 0 ? '' : ` (${unknownWords} with words that are not known)`;
  const surety =
    exactUntil === null ? 'exact' : `exact until ${shortClockText(exactUntil)}, then an estimate`;
  return `It would have made ${replies}${words}${spans}. ${surety.charAt(0).toUpperCase()}${surety.slice(1)}.`;
}
