import { element, setText } from '../common/element.js';
import type { Problem } from './state/view.js';

/** What a person can do about a problem. */
export interface ProblemActions {
  readonly retry: () => void;
  readonly dismiss: () => void;
}

/** Shows what went wrong and what to do about it. */
export class ProblemBox {
  readonly #box = element('problem', HTMLDivElement);
  readonly #what = element('problem-what', HTMLParagraphElement);
  readonly #remedy = element('problem-remedy', HTMLParagraphElement);
  readonly #retry = element('problem-retry', HTMLButtonElement);

  constructor(actions: ProblemActions) {
    this.#retry.addEventListener('click', actions.retry);
    element('problem-close', HTMLButtonElement).addEventListener('click', actions.dismiss);
  }

  /** @param again what trying again is called; null where there is nothing to try again */
  show(problem: Problem | null, again: string | null): void {
    this.#box.hidden = problem === null;
    if (problem === null) return;
    setText(this.#what, problem.what);
    setText(this.#remedy, problem.remedy);
    this.#retry.hidden = !problem.retry || again === null;
    setText(this.#retry, again ?? '');
  }
}
