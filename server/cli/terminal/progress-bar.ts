import { SingleBar } from 'cli-progress';

/**
 * A progress bar on standard error with the time left, one phase after another. If that is not a terminal,
 * prints a line every ten seconds.
 */
export class ProgressBar {
  readonly #things: string;
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | null = null;
  #phase = '';

  /** `things` names what is counted, such as "questions". */
  constructor(things: string, stream: NodeJS.WriteStream = process.stderr) {
    this.#things = things;
    this.#stream = stream;
  }

  /** Shows how far a phase has come, or `label` instead of the numbers; another phase begins a new bar. */
  show(phase: string, done: number, total: number, label = `${done}/${total}`): void {
    if (phase !== this.#phase) this.end();
    if (this.#bar === null) {
      this.#phase = phase;
      this.#bar = this.#newBar(phase);
      this.#bar.start(total, done, { label });
    }
    this.#bar.update(done, { label });
  }

  /** Removes the bar; safe to call at any time. */
  end(): void {
    this.#bar?.stop();
    this.#bar = null;
    this.#phase = '';
  }

  #newBar(phase: string): SingleBar {
    return new SingleBar({
      stream: this.#stream,
      format: `${phase} {bar} {label} ${this.#things}{eta_formatted}`,
      barCompleteChar: '=',
      barIncompleteChar: ' ',
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
      formatTime: timeLeft,
      noTTYOutput: true,
      notTTYSchedule: 10_000,
      // Ctrl-C is ours to handle: the bar would end the process.
      gracefulExit: false,
    });
  }
}

/** Such as `, 1:05 left`; empty while unknown. */
function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return `, ${minutes}:${String(rest).padStart(2, '0')} left`;
}
