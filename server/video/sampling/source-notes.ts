import type { StreamNotice } from '../stream.js';

/**
 * Notes for the owner about a video's times, collected while reading it; bounded, whatever the video
 * contains.
 */
export class SourceNotes {
  /** Called with what the owner learns at once. */
  tell: (notice: StreamNotice) => void = () => undefined;
  /** Pictures without a time, or with one that does not fit the clock. */
  leftOut = 0;
  #setBacks = 0;
  #firstSetBack = 0;
  #skips = 0;
  #firstSkip = '';
  readonly #others: readonly string[];

  /** @param others notes from before the first picture, as sentences */
  constructor(others: readonly string[] = []) {
    this.#others = others;
  }

  /** @param videoTime seconds on the video's clock at which the source's own clock was set back */
  setBack(videoTime: number): void {
    if (this.#setBacks === 0) this.#firstSetBack = videoTime;
    this.#setBacks += 1;
  }

  /** Notes a gap that was not filled to its end. */
  skipped(from: number, to: number): void {
    if (this.#skips === 0) this.#firstSkip = `from ${seconds(from)} to ${seconds(to)}`;
    this.#skips += 1;
  }

  get lines(): readonly string[] {
    const lines = [...this.#others];
    if (this.#skips > 0)
      lines.push(
        `no picture came ${this.#firstSkip}${more(this.#skips)}: so long a gap is skipped, not filled`,
      );
    if (this.#setBacks > 0)
      lines.push(
        `the clock was set back at ${seconds(this.#firstSetBack)}${more(this.#setBacks)}; ` +
          'time goes on from there',
      );
    if (this.leftOut > 0)
      lines.push(`left out: ${this.leftOut} pictures whose time is missing or does not fit the clock`);
    return lines;
  }
}

function seconds(videoTime: number): string {
  return `${Number(videoTime.toFixed(2))} s`;
}

function more(count: number): string {
  return count === 1 ? '' : ` (and ${count - 1} times more)`;
}
