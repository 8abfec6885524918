import './conversation-panel.css';
import { useRef } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { talkingReply } from '../state/view.js';
import { Composer } from './composer.js';
import { OverlayLink } from './overlay-link.js';
import { QuestionList } from './question-list.js';
import { SaveButtons } from './save-buttons.js';
import { TurnList } from './turn-list.js';

/** What is said: the list of turns, and where the person types. */
export function ConversationPanel(props: PageProps) {
  const message = useRef<HTMLTextAreaElement>(null);
  const cancelReply = (): void => {
    props.commands.cancelReply();
    message.current?.focus();
  };
  return (
    <section class="talk" aria-labelledby="talk-heading">
      <div class="talk-head">
        <h2 class="section-title" id="talk-heading">
          Conversation
        </h2>
        <div class="talk-tools">
          <SuppressedToggle {...props} />
          <OverlayLink {...props} />
          <SaveButtons view={props.view} />
        </div>
      </div>
      <div class="log-frame">
        <TurnList {...props} />
        <button
          type="button"
          class="button stop-reply"
          id="cancel"
          hidden={talkingReply(props.view) === null}
          onClick={cancelReply}
        >
          <Icon name="stop" />
          Stop reply
        </button>
      </div>
      <QuestionList {...props} />
      <Composer {...props} message={message} />
    </section>
  );
}

/** Shows and hides what the model kept to itself; absent as long as there is nothing of it. */
function SuppressedToggle({ view, commands }: PageProps) {
  const count = view.turns.filter(({ type }) => type === 'suppressed').length;
  return (
    <button
      type="button"
      class="button quiet small"
      id="suppressed"
      aria-pressed={view.showsSuppressed}
      title="What the model kept to itself, since it had just said it"
      hidden={count === 0}
      onClick={() => {
        commands.showSuppressed(!view.showsSuppressed);
      }}
    >
      {view.showsSuppressed ? 'Hide' : 'Show'} {count} {count === 1 ? 'repeat' : 'repeats'}
    </button>
  );
}
