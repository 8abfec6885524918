/**
 * Keeps the keyboard's place: when the element that has the focus is hidden or disabled, the focus goes where
 * `place` says. A person who lets go of the focus, by a click on nothing, keeps it that way.
 */
export class FocusKeeper {
  readonly #place: () => HTMLElement;
  #last: Element | null = null;

  constructor(place: () => HTMLElement) {
    this.#place = place;
  }

  /** Call it on every animation frame. */
  step(): void {
    const active = document.activeElement;
    if (active !== null && active !== document.body && !active.matches(':disabled')) {
      this.#last = active;
      return;
    }
    if (this.#last === null) return;
    if (usable(this.#last)) this.#last = null;
    else this.#place().focus();
  }
}

function usable(element: Element): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}
