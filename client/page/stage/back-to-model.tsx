import './back-to-model.css';
import { shortClockText } from '../../common/clock-text.js';
import type { PageProps } from '../commands.js';
import { useObserved } from '../state/observed.js';

/** Says over the picture where the model is while the person looks at what was, and leads there. */
export function BackToModel({ playback, commands }: Pick<PageProps, 'playback' | 'commands'>) {
  const at = useObserved(playback, ({ lookingBack, seen }) =>
    lookingBack ? shortClockText(seen ?? 0) : null,
  );
  return (
    <button
      type="button"
      class="to-model"
      id="to-model"
      aria-label={`Model at ${at ?? ''}, back to it`}
      hidden={at === null}
      onClick={commands.follow}
    >
      <span class="dot" aria-hidden="true" />
      Model at {at}
    </button>
  );
}
