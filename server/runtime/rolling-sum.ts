/** The sum of what was added during the last few seconds. */
export class RollingSum {
  readonly #now: () => number;
  readonly #bucketMs: number;
  readonly #buckets: number[];
  readonly #begun: number;
  /** Number of the newest bucket, counted from the beginning of the clock. */
  #newest: number;

  /** `windowMs`: how far back it reaches; `now` gives monotonic milliseconds. */
  constructor(windowMs: number, now: () => number) {
    this.#now = now;
    this.#bucketMs = windowMs / bucketCount;
    this.#buckets = Array.from({ length: bucketCount }, () => 0);
    this.#begun = now();
    this.#newest = this.#current();
  }

  add(amount: number): void {
    this.#forget();
    const place = this.#newest % bucketCount;
    this.#buckets[place] = (this.#buckets[place] ?? 0) + amount;
  }

  /** What was added for each millisecond of the window, or of its own life where that is shorter. */
  get rate(): number {
    this.#forget();
    const intoBucket = this.#now() - this.#newest * this.#bucketMs;
    const covered = (bucketCount - 1) * this.#bucketMs + intoBucket;
    const sum = this.#buckets.reduce((total, bucket) => total + bucket, 0);
    return sum / Math.max(leastBuckets * this.#bucketMs, Math.min(covered, this.#now() - this.#begun));
  }

  #forget(): void {
    const current = this.#current();
    const passed = Math.min(bucketCount, current - this.#newest);
    for (let step = 1; step <= passed; step++) this.#buckets[(this.#newest + step) % bucketCount] = 0;
    this.#newest = current;
  }

  #current(): number {
    return Math.floor(this.#now() / this.#bucketMs);
  }
}

/** Parts of the window that are forgotten at once. */
const bucketCount = 20;

/** Buckets that a young sum is divided by at least, so that one call is not taken for a habit. */
const leastBuckets = 5;
