import type { Action } from './actions.js';
import { Observed } from './observed.js';
import { isLocal, reduce } from './reduce.js';
import { emptyView, type DuetView } from './view.js';

/**
 * Keeps the view, and has it shown: at once after what the person does, and at most once per picture of the
 * screen after messages of the server, however many arrive.
 */
export class Store {
  /** The view as it was last shown. */
  readonly shown = new Observed(emptyView);
  #view = emptyView;
  #scheduled = false;

  /** The view as it is now. */
  get view(): DuetView {
    return this.#view;
  }

  dispatch(action: Action): void {
    this.#view = reduce(this.#view, action);
    if (isLocal(action)) this.#show();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      requestAnimationFrame(() => {
        this.#scheduled = false;
        this.#show();
      });
    }
  }

  #show(): void {
    this.shown.value = this.#view;
  }
}
