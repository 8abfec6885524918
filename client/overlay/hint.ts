/**
 * Tells whoever opens the overlay in a tab why it is empty. In OBS, which gives its pages `obsstudio`, nothing is
 * ever shown but what was said.
 */
export function hintOf(hint: HTMLElement): Hint {
  const tell = (text: string): void => {
    hint.textContent = text;
    hint.hidden = text === '' || 'obsstudio' in globalThis;
  };
  let hasSpoken = false;
  return {
    connected: () => {
      tell(hasSpoken ? '' : 'Connected. What is said appears here; until then the page is transparent.');
    },
    lost: () => {
      tell(
        'Waiting for Duet: check that the server runs, and that the session or the token in the address is one of its.',
      );
    },
    said: () => {
      hasSpoken = true;
      tell('');
    },
  };
}

interface Hint {
  readonly connected: () => void;
  readonly lost: () => void;
  readonly said: () => void;
}
