/** Quantiles of what was measured during the last seconds. */
export class RollingQuantiles {
  readonly #now: () => number;
  readonly #windowMs: number;
  #samples: Sample[] = [];

  /** `now` gives monotonic milliseconds. */
  constructor(windowMs: number, now: () => number) {
    this.#windowMs = windowMs;
    this.#now = now;
  }

  add(value: number): void {
    this.#samples.push({ at: this.#now(), value });
    if (this.#samples.length > 2 * mostSamples) this.#forget();
  }

  /** The value that this share of the samples does not exceed (nearest rank); null without samples. */
  at(share: number): number | null {
    this.#forget();
    const values = this.#samples.map(({ value }) => value).sort((a, b) => a - b);
    return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? null;
  }

  get count(): number {
    this.#forget();
    return this.#samples.length;
  }

  #forget(): void {
    const since = this.#now() - this.#windowMs;
    this.#samples = this.#samples.filter(({ at }) => at >= since).slice(-mostSamples);
  }
}

interface Sample {
  readonly at: number;
  readonly value: number;
}

/** Samples that are kept at most, however long the window. */
const mostSamples = 4096;
