import type { DuetModel } from '../../runtime/model.js';
import type { CpuUse } from './cpu-use.js';
import { RunningRatio } from '../../runtime/running-ratio.js';

/**
 * Learns what sources in real time take of the machine besides the time of their model's worker: processor
 * time for all that goes with a frame, and for decoding. It learns only while nothing runs fast.
 */
export class ResourceCosts {
  readonly #cpu: CpuUse;
  readonly #now: () => number;
  #sampledAt: number;
  readonly #coresPerBusy = new RunningRatio({ first: firstCoresPerBusy, weight: 3, memory: 60 });
  readonly #decoderCores = new RunningRatio({ first: firstDecoderCores, weight: 30, memory: 600 });

  /** `now` gives monotonic milliseconds. */
  constructor(cpu: CpuUse, now: () => number) {
    this.#cpu = cpu;
    this.#now = now;
    this.#sampledAt = now();
  }

  /** Measures, with this many sources in real time and these models. */
  sample(sources: number, models: readonly DuetModel[]): void {
    const seconds = (this.#now() - this.#sampledAt) / 1000;
    this.#sampledAt = this.#now();
    const { ownMs, childrenMs } = this.#cpu.sample();
    const workers = models.flatMap(({ load }) => load?.workers ?? []);
    if (workers.some(({ fast }) => fast > leastBusy)) return;
    const busy = workers.reduce((sum, { realtime }) => sum + realtime, 0);
    if (busy > leastBusy) this.#coresPerBusy.add(ownMs / 1000, busy * seconds);
    if (sources > 0) this.#decoderCores.add(childrenMs / 1000, sources * seconds);
  }

  /** Cores that this process uses for each worker that is busy all the time. */
  get coresPerBusy(): number {
    return this.#coresPerBusy.value ?? firstCoresPerBusy;
  }

  /** Cores for decoding one source. */
  get decoderCores(): number {
    return this.#decoderCores.value ?? firstDecoderCores;
  }
}

/** What is assumed until it was measured. */
const firstCoresPerBusy = 1.3;
const firstDecoderCores = 0.03;

/** A worker that is less busy tells nothing. */
const leastBusy = 0.02;
