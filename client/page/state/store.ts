import type { Action } from './actions.js';
import { Observed } from './observed.js';
import { isLocal, reduceWith } from './reduce.js';
import { UnshownFrames } from './reduce-frames.js';
import { emptyView, type DuetView } from './view.js';

/**
 * Keeps the view, and has it shown: at once after what the person does, and at most once per picture of the
 * screen after messages of the server, however many arrive.
 */
export class Store {
  /** The view as it was last shown. */
  readonly shown = new Observed(emptyView);
  readonly #frames = new UnshownFrames();
  #view = emptyView;
  #scheduled = false;

  /** The view as it is now. */
  get view(): DuetView {
    return this.#view;
  }

  dispatch(action: Action): void {
    this.#view = reduceWith(this.#view, action, this.#frames.append);
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
    this.#frames.shown();
    this.shown.value = this.#view;
  }
}
