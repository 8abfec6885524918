import './composer.css';
import type { RefObject } from 'preact';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { suggestionsFor } from '../state/suited-model.js';
import type { DuetView, Phase } from '../state/view.js';

interface ComposerProps extends PageProps {
  /** The text field, so that others can focus it. */
  readonly message: RefObject<HTMLTextAreaElement | null>;
}

/**
 * Where the person types: Enter sends, Shift+Enter begins a line; it works at any time, also during a reply.
 */
export function Composer({ view, commands, message }: ComposerProps) {
  const audience = audienceOf(view);
  const tell = (text: string): void => {
    if (audience === 'session') commands.say(text);
    else commands.startWith(text);
  };
  const take = (on: (text: string) => void): void => {
    const text = message.current?.value.trim() ?? '';
    if (message.current === null || text === '' || audience === 'nobody') return;
    on(text);
    message.current.value = '';
    message.current.focus();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    take(tell);
  };
  return (
    <>
      <Suggestions view={view} disabled={audience === 'nobody'} tell={tell} />
      <form class="composer" id="composer" onSubmit={submit}>
        <label class="visually-hidden" for="message">
          Your message
        </label>
        <MessageField {...{ message, submit }} placeholder={placeholderOf(view.phase, audience)} />
        <WatchForButton
          disabled={audience !== 'session'}
          watchFor={() => {
            take(commands.watchFor);
          }}
        />
        <SendButton disabled={audience === 'nobody'} />
      </form>
    </>
  );
}

interface MessageFieldProps {
  readonly message: RefObject<HTMLTextAreaElement | null>;
  readonly placeholder: string;
  readonly submit: (event: Event) => void;
}

function MessageField({ message, placeholder, submit }: MessageFieldProps) {
  return (
    <textarea
      id="message"
      rows={1}
      maxLength={4000}
      dir="auto"
      placeholder={placeholder}
      enterkeyhint="send"
      ref={message}
      onKeyDown={(event) => {
        // An Enter that ends the input of a Chinese or Japanese word is not meant for us.
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event);
      }}
    />
  );
}

interface WatchForProps {
  readonly disabled: boolean;
  readonly watchFor: () => void;
}

/** Instead of saying the text, adds it as a question that stands until it is removed. */
function WatchForButton({ disabled, watchFor }: WatchForProps) {
  return (
    <button
      type="button"
      class="button quiet"
      id="watch-for"
      aria-label="Watch for it"
      title="A question that stands until you remove it, whatever else you ask"
      disabled={disabled}
      onClick={watchFor}
    >
      <Icon name="watch" />
      <span>Watch for it</span>
    </button>
  );
}

function SendButton({ disabled }: { readonly disabled: boolean }) {
  return (
    <button type="submit" class="button primary icon-only" id="send" aria-label="Send" disabled={disabled}>
      <Icon name="send" />
    </button>
  );
}

interface SuggestionsProps {
  readonly view: DuetView;
  readonly disabled: boolean;
  readonly tell: (text: string) => void;
}

/** Questions that the model can do something with; one that was asked stays, so that nothing moves. */
function Suggestions({ view, disabled, tell }: SuggestionsProps) {
  const asked = (text: string): boolean =>
    view.turns.some((turn) => turn.type === 'question' && turn.text === text);
  const questions = suggestionsFor(view);
  return (
    <div class="chips" id="suggestions" role="group" aria-label="Suggested questions">
      {questions.map((text) => (
        <button
          key={text}
          type="button"
          class="chip"
          data-used={asked(text) || undefined}
          disabled={disabled}
          onClick={() => {
            tell(text);
          }}
        >
          {text}
        </button>
      ))}
    </div>
  );
}

/**
 * Where the text goes: to the session, also after the video has ended; to the session it starts; or nowhere
 * yet.
 */
type Audience = 'session' | 'next session' | 'nobody';

function audienceOf({ phase, connection, problem, isForgotten }: DuetView): Audience {
  if (phase === 'idle' || phase === 'preparing') return 'nobody';
  if (phase === 'failed') return problem?.retry === false ? 'nobody' : 'next session';
  return connection.type === 'closed' || isForgotten ? 'next session' : 'session';
}

function placeholderOf(phase: Phase, audience: Audience): string {
  if (audience === 'next session') return 'Ask, and start again';
  if (phase === 'paused') return 'Ask about this picture';
  if (phase === 'ended') return 'Ask about the video';
  return phase === 'ready' ? 'Ask before it starts' : 'Ask at any time';
}
