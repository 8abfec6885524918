import type { Time } from '../time.js';

/** Tells when a live source that is being read gives no picture for too long, once for each silence. */
export class StallWatch {
  readonly #time: Time;
  readonly #tell: (silentSeconds: number) => void;
  readonly #stop = new AbortController();
  #waitingSince: number | null = null;
  #stalled = false;

  /** @param tell called with the seconds without a picture so far. */
  constructor(quietSeconds: number, time: Time, tell: (silentSeconds: number) => void) {
    this.#time = time;
    this.#tell = tell;
    void this.#watch(quietSeconds * 1000);
  }

  /** The reader waits for the next picture. */
  waiting(): void {
    this.#waitingSince = this.#time.now();
  }

  /** A picture has come; returns whether the source had stalled. */
  arrived(): boolean {
    const wasStalled = this.#stalled;
    this.#stalled = false;
    this.#waitingSince = null;
    return wasStalled;
  }

  end(): void {
    this.#stop.abort();
  }

  async #watch(quietMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const silentMs = this.#waitingSince === null ? 0 : this.#time.now() - this.#waitingSince;
      const isNews = silentMs >= quietMs && !this.#stalled;
      if (isNews) {
        this.#stalled = true;
        this.#tell(silentMs / 1000);
      }
      const untilDue = silentMs >= quietMs ? quietMs : quietMs - silentMs;
      await this.#time.sleep(untilDue, signal).catch(() => undefined);
    }
  }
}
