import './sender-panel.css';
import { lengthText } from '../../common/clock-text.js';
import type { PageProps } from '../commands.js';
import { CopyField } from '../parts/copy-field.js';
import { awaitedSender, waitingText } from '../state/view.js';

/** Lies over the picture while a sender is awaited: where it is to push, and how that is set in OBS. */
export function SenderPanel({ view, commands }: PageProps) {
  const sender = awaitedSender(view);
  if (sender === null) return null;
  const hasKeyInside = sender.url.startsWith('srt:');
  const paste = hasKeyInside ? 'paste the server, leave the key empty' : 'paste both';
  return (
    <section class="sender-panel" id="waiting" aria-labelledby="waiting-heading">
      <div class="sender-inside">
        <div class="sender-head">
          <h2 class="sender-title" id="waiting-heading">
            {waitingText}
          </h2>
          <button type="button" class="button" id="waiting-stop" onClick={commands.leave}>
            Stop
          </button>
        </div>
        <CopyField id="sender-url" label="Server" text={sender.url} />
        {!hasKeyInside && <CopyField id="sender-key" label="Stream key" text={sender.key} />}
        <p class="sender-hint" id="waiting-hint">
          In OBS: Settings, Stream, Service “Custom”; {paste}; Start Streaming. The key is good for{' '}
          {lengthText(sender.expires_in_ms / 1000)}.
        </p>
      </div>
    </section>
  );
}
