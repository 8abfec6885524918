import { RollingSum } from '../../runtime/rolling-sum.js';
import type { DuetModel } from '../../runtime/model.js';
import type { CpuUse } from './cpu-use.js';

/**
 * Learns what sources in real time take of the machine besides the time of their model's worker: processor
 * time for all that goes with a frame, and for decoding. It learns only while nothing runs fast.
 */
export class ResourceCosts {
  readonly #cpu: CpuUse;
  readonly #now: () => number;
  /** Sources, summed up over the milliseconds in which they played. */
  readonly #playing: RollingSum;
  #sampledAt: number;
  #coresPerBusy = firstCoresPerBusy;
  #decoderCores = firstDecoderCores;

  /** `now` gives monotonic milliseconds. */
  constructor(cpu: CpuUse, now: () => number) {
    this.#cpu = cpu;
    this.#now = now;
    this.#playing = new RollingSum(windowMs, now);
    this.#sampledAt = now();
  }

  /** Measures, with this many sources in real time and these models. */
  sample(sources: number, models: readonly DuetModel[]): void {
    const now = this.#now();
    this.#cpu.sample();
    this.#playing.add(sources * (now - this.#sampledAt));
    this.#sampledAt = now;
    const workers = models.flatMap(({ load }) => load?.workers ?? []);
    if (workers.some(({ fast }) => fast > leastBusy)) return;
    const busy = workers.reduce((sum, { realtime }) => sum + realtime, 0);
    if (busy > leastBusy) this.#coresPerBusy = within(this.#cpu.own / busy, coresPerBusyBounds);
    const playing = this.#playing.rate;
    if (playing > leastPlaying) this.#decoderCores = within(this.#cpu.children / playing, decoderCoresBounds);
  }

  /** Cores that this process uses for each worker that is busy all the time. */
  get coresPerBusy(): number {
    return this.#coresPerBusy;
  }

  /** Cores for decoding one source. */
  get decoderCores(): number {
    return this.#decoderCores;
  }
}

function within(value: number, { least, most }: { least: number; most: number }): number {
  return Math.min(most, Math.max(least, value));
}

const windowMs = 10_000;

/** Below this share of a worker, and of a source, nothing can be learned. */
const leastBusy = 0.02;
const leastPlaying = 0.5;

/** What is assumed until it was measured. */
const firstCoresPerBusy = 1.3;
const firstDecoderCores = 0.03;

/** Model calls on a machine that is busy with others take longer than their processor time. */
const coresPerBusyBounds = { least: 0.5, most: 4 };
const decoderCoresBounds = { least: 0, most: 4 };
