import type { Action } from './state/actions.js';
import { reduce } from './state/reduce.js';
import { emptyView, type DuetView } from './state/view.js';

/** Shows a view; `before` is the one shown last. */
export type Show = (view: DuetView, before: DuetView) => void;

/** Keeps the view and has it shown at most once per picture of the screen, however many events arrive. */
export class Store {
  readonly #listeners: Show[] = [];
  #view: DuetView = emptyView;
  #shown: DuetView = emptyView;
  #scheduled = false;

  get view(): DuetView {
    return this.#view;
  }

  dispatch(action: Action): void {
    this.#view = reduce(this.#view, action);
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#show();
    });
  }

  /** `show` is called at once with the view as it is, then after every change. */
  subscribe(show: Show): void {
    this.#listeners.push(show);
    show(this.#view, this.#view);
  }

  #show(): void {
    this.#scheduled = false;
    const before = this.#shown;
    this.#shown = this.#view;
    for (const show of this.#listeners) show(this.#shown, before);
  }
}
