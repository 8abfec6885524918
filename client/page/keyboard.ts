/**
 * Lets Space pause the video and go on, wherever the focus is, unless the focused element has a use for it.
 */
export function pauseWithSpace(toggle: () => void): void {
  document.addEventListener('keydown', (event) => {
    const { key, repeat, target, defaultPrevented } = event;
    if (key !== ' ' || repeat || defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (target instanceof Element && target.closest(ownSpace) !== null) return;
    // It would scroll the page.
    event.preventDefault();
    toggle();
  });
}

/** Elements that use Space themselves: text fields, buttons, links, checkboxes. A slider does not. */
const ownSpace =
  'button, a[href], select, textarea, summary, [contenteditable], input:not([type="range"]), label';

/**
 * Keeps the keyboard's place: when the focused element is hidden or disabled, the focus goes where `place`
 * says. A person who lets go of the focus, by a click on nothing, keeps it that way.
 */
export class FocusKeeper {
  readonly #place: () => HTMLElement | null;
  #last: Element | null = null;

  constructor(place: () => HTMLElement | null) {
    this.#place = place;
  }

  /** To be called on every animation frame. */
  step(): void {
    const active = document.activeElement;
    if (active !== null && active !== document.body && !active.matches(':disabled')) {
      this.#last = active;
      return;
    }
    if (this.#last === null) return;
    if (usable(this.#last)) this.#last = null;
    else this.#place()?.focus();
  }
}

function usable(element: Element): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}
