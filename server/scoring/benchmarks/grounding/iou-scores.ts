/** Mean IoU and the shares of examples with IoU >= 0.3, 0.5 and 0.7, all in percent. */
export type IoUScores = readonly [meanIoU: number, at03: number, at05: number, at07: number];

const recallThresholds = [0.3, 0.5, 0.7] as const;

/** Adds up IoU values one by one, keeping no examples. */
export class IoUSums {
  #total = 0;
  #count = 0;
  readonly #reached: [number, number, number] = [0, 0, 0];

  /** Adds the IoU of one example, 0..1. */
  add(value: number): void {
    this.#total += value;
    this.#count += 1;
    if (value >= recallThresholds[0]) this.#reached[0] += 1;
    if (value >= recallThresholds[1]) this.#reached[1] += 1;
    if (value >= recallThresholds[2]) this.#reached[2] += 1;
  }

  /** The four scores of the examples so far, in percent; NaN for none. */
  scores(): IoUScores {
    const percent = (share: number) => (share / this.#count) * 100;
    const [at03, at05, at07] = this.#reached;
    return [percent(this.#total), percent(at03), percent(at05), percent(at07)];
  }
}
