import type { RunPhase } from '../../scoring/runner/hooks.js';
import { ProgressBar } from '../terminal/progress-bar.js';

/** Shows on a terminal how far a benchmark has come, in questions and, while it is judged, in ratings. */
export class RunProgress {
  readonly #questions = new ProgressBar('questions');
  readonly #ratings = new ProgressBar('ratings');

  /** Shows one step; a phase that is done takes its bar away. */
  show(phase: RunPhase, done: number, total: number): void {
    const bar = phase === 'judging' ? this.#ratings : this.#questions;
    bar.show(phase, done, total);
    if (done >= total) bar.end();
  }

  /** Takes away what is shown, whatever became of the run. */
  end(): void {
    this.#questions.end();
    this.#ratings.end();
  }
}
