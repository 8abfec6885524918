import type { KnownQuestions } from './follow-session.js';

/**
 * Tells whoever opens the overlay in a tab why it is empty. In OBS, which gives its pages `obsstudio`,
 * nothing is ever shown but what was said.
 */
export function hintOf(hint: HTMLElement): Hint {
  const tell = (text: string): void => {
    hint.textContent = text;
    hint.hidden = text === '' || 'obsstudio' in globalThis;
  };
  let hasSpoken = false;
  let unknown = '';
  const tellState = (): void => {
    const silent = hasSpoken
      ? ''
      : 'Connected. What is said appears here; until then the page is transparent.';
    tell(unknown || silent);
  };
  return {
    connected: () => {
      unknown = '';
      tellState();
    },
    questions: (known) => {
      unknown = unknownText(known);
      tellState();
    },
    lost: () => {
      tell(
        'Waiting for Duet: check that the server runs, and that the session or the token in the address is one of its.',
      );
    },
    said: () => {
      hasSpoken = true;
      tellState();
    },
  };
}

function unknownText({ unknown, asked }: KnownQuestions): string {
  if (unknown.length === 0) return '';
  const known = asked.length === 0 ? 'None was asked so far.' : `Asked so far: ${quoted(asked)}.`;
  return `Connected, but nobody has asked ${quoted(unknown)}. ${known}`;
}

function quoted(texts: readonly string[]): string {
  return texts.map((text) => `“${text}”`).join(', ');
}

interface Hint {
  readonly questions: (known: KnownQuestions) => void;
  readonly connected: () => void;
  readonly lost: () => void;
  readonly said: () => void;
}
