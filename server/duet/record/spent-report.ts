import type { SpendingFigures } from '../../runtime/spending-figures.js';
import type { SessionState } from './session-state.js';

/** Records what a session costs at a model behind an API: when that has changed, but not at every request. */
export class SpentReport {
  readonly #state: SessionState;
  #told = 'nothing';
  #toldMs = -Infinity;

  constructor(state: SessionState) {
    this.#state = state;
  }

  /** Looks at what was spent so far; `isLast` tells even what has changed just now. */
  note(spent: SpendingFigures | undefined, isLast = false): void {
    if (spent === undefined || spent.calls === 0) return;
    const now = this.#state.log.elapsedMs();
    if (!isLast && now - this.#toldMs < reportEveryMs) return;
    const figures = JSON.stringify(spent);
    if (figures === this.#told) return;
    this.#told = figures;
    this.#toldMs = now;
    this.#state.record({ type: 'session.spent', ...spent });
  }
}

const reportEveryMs = 5000;
