import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Sampling interval in milliseconds. */
const resolution = 5;

/** How long this process's event loop keeps others waiting, from now until {@link LoopDelay.stop}. */
export class LoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution });

  constructor() {
    this.#histogram.enable();
  }

  /** Milliseconds beyond the sampling interval. */
  stop(): { readonly p50: number; readonly p99: number; readonly max: number } {
    this.#histogram.disable();
    const beyond = (nanoseconds: number): number =>
      Math.max(0, Math.round((nanoseconds / 1e6 - resolution) * 10) / 10);
    return {
      p50: beyond(this.#histogram.percentile(50)),
      p99: beyond(this.#histogram.percentile(99)),
      max: beyond(this.#histogram.max),
    };
  }
}
