/**
 * A ratio of two sums that begins with a guess and is measured better and better: the guess has a weight, and
 * what was measured long ago counts less and less, so that a change is noticed and a moment is not.
 */
export class RunningRatio {
  readonly #memory: number;
  #numerator: number;
  #denominator: number;

  /**
   * `first` counts as much as a measurement with a denominator of `weight`, which may be 0; all together
   * count as one of at most `memory`.
   */
  constructor({ first, weight, memory }: { first: number; weight: number; memory: number }) {
    this.#memory = memory;
    this.#numerator = first * weight;
    this.#denominator = weight;
  }

  add(numerator: number, denominator: number): void {
    this.#numerator += numerator;
    this.#denominator += denominator;
    if (this.#denominator <= this.#memory) return;
    this.#numerator *= this.#memory / this.#denominator;
    this.#denominator = this.#memory;
  }

  /** Null while it has neither a guess nor a measurement. */
  get value(): number | null {
    return this.#denominator === 0 ? null : this.#numerator / this.#denominator;
  }
}
