import { SingleBar } from 'cli-progress';

/** A progress bar on standard error with the time left; a line every ten seconds where that is no terminal. */
export class BenchProgress {
  #bar: SingleBar | null = null;
  #phase = '';

  /** Shows how far a phase has come; another phase begins a new bar. */
  show(phase: string, done: number, total: number): void {
    if (phase !== this.#phase) this.end();
    if (this.#bar === null) {
      this.#phase = phase;
      this.#bar = newBar(phase);
      this.#bar.start(total, done);
    }
    this.#bar.update(done);
  }

  /** Takes the bar away; safe to call at any time. */
  end(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#phase = '';
  }
}

function newBar(phase: string): SingleBar {
  return new SingleBar({
    stream: process.stderr,
    format: `${phase} {bar} {value}/{total} questions, {eta_formatted} left`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 50,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    // Ctrl-C is ours to handle: the bar would end the process.
    gracefulExit: false,
  });
}
