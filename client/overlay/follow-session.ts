import type { WireEvent } from '../../server/protocol/session-events.js';
import type { OverlayOptions } from './options.js';

/** Tells what is said in a session, for ever: lost connections and servers that are away are tried again. */
export function followSession(options: OverlayOptions, told: FollowTold): void {
  const address = streamAddress(options);
  const seen = new Seen();
  let attempt = 0;
  let source: EventSource;
  let silence: ReturnType<typeof setTimeout>;
  const listen = (): void => {
    clearTimeout(silence);
    silence = setTimeout(again, silenceMs);
  };
  const connect = (): void => {
    source = new EventSource(address);
    source.addEventListener('open', () => {
      attempt = 0;
      told.connected();
      listen();
    });
    for (const name of ['ping', 'questions', 'message']) source.addEventListener(name, listen);
    tellWhatComes(source, seen, told);
    source.addEventListener('error', () => {
      told.lost();
      // A browser comes back by itself from a lost line, but not from a server that answers with an error.
      if (source.readyState === EventSource.CLOSED) again();
      else listen();
    });
    listen();
  };
  const again = (): void => {
    source.close();
    told.lost();
    clearTimeout(silence);
    setTimeout(connect, Math.min(longestWaitMs, firstWaitMs * 2 ** attempt));
    attempt += 1;
  };
  connect();
}

/** Something said: its text, and whether the user said it. */
export interface SaidWords {
  readonly text: string;
  readonly isUser: boolean;
}

/** How far the questions of the address are known to the session. */
export interface KnownQuestions {
  /** Those that it has not been asked so far. */
  readonly unknown: readonly string[];
  /** The texts of its newest questions. */
  readonly asked: readonly string[];
}

/** What happens while a session is followed. */
interface FollowTold {
  readonly questions: (known: KnownQuestions) => void;
  readonly said: (said: SaidWords) => void;
  readonly connected: () => void;
  readonly lost: () => void;
}

function tellWhatComes(source: EventSource, seen: Seen, told: FollowTold): void {
  source.addEventListener('questions', ({ data }) => {
    told.questions(JSON.parse(String(data)) as KnownQuestions);
  });
  source.addEventListener('message', ({ data, lastEventId }) => {
    const said = seen.isNew(lastEventId) ? saidIn(JSON.parse(String(data)) as WireEvent) : null;
    if (said !== null) told.said(said);
  });
}

/** A server that lives sends something every 15 s. */
const silenceMs = 40_000;
const firstWaitMs = 500;
const longestWaitMs = 10_000;

function streamAddress({ key, style, messages, questions, user }: OverlayOptions): string {
  const address = new URL(`./v1/sessions/${encodeURIComponent(key)}/stream`, location.href);
  address.searchParams.set('types', user ? 'response.done,user.text.inserted' : 'response.done');
  address.searchParams.set('last', String(style === 'chat' ? messages : 1));
  for (const list of questions) address.searchParams.append('questions', list);
  return address.href;
}

function saidIn(event: WireEvent): SaidWords | null {
  if (event.type === 'user.text.inserted') return { text: event.text, isUser: true };
  if (event.type !== 'response.done' || event.status === 'failed') return null;
  return event.text.trim() === '' ? null : { text: event.text, isUser: false };
}

/** Knows what it has seen: a new connection begins with the newest words, which may be old ones. */
class Seen {
  #session = '';
  #seq = 0;

  /** Whether an event comes after all before it; its id is `SESSION:SEQ`. */
  isNew(id: string): boolean {
    const [session = '', seq] = id.split(':');
    if (session === this.#session && Number(seq) <= this.#seq) return false;
    [this.#session, this.#seq] = [session, Number(seq)];
    return true;
  }
}
