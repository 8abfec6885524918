import type { CallCost } from '../call-scope.js';
import type { Pace } from '../model.js';
import { RollingSum } from '../rolling-sum.js';

/** How busy one worker is, and with which of its contexts. */
export class WorkerLoad {
  readonly #now: () => number;
  readonly #realtime: RollingSum;
  readonly #fast: RollingSum;
  readonly #contexts = new Set<ContextLoad>();

  constructor(now: () => number) {
    this.#now = now;
    this.#realtime = new RollingSum(windowMs, now);
    this.#fast = new RollingSum(windowMs, now);
  }

  /** A context was opened here. */
  open(): ContextLoad {
    const load = { busy: new RollingSum(windowMs, this.#now), hasWatched: false };
    this.#contexts.add(load);
    return load;
  }

  /** A context was closed; an unknown one is no error. */
  close(context: ContextLoad): void {
    this.#contexts.delete(context);
  }

  add(context: ContextLoad, { busyMs, frames, pace }: Work): void {
    if (frames > 0) context.hasWatched = true;
    if (context.hasWatched) context.busy.add(busyMs);
    (pace === 'fast' ? this.#fast : this.#realtime).add(busyMs);
  }

  get contexts(): number {
    return this.#contexts.size;
  }

  /** Share of the time in which model calls in real time ran lately, from 0 to 1. */
  get realtime(): number {
    return this.#realtime.rate;
  }

  /** The same for calls of contexts that run fast. */
  get fast(): number {
    return this.#fast.rate;
  }

  /**
   * What to expect of its contexts, in shares of the worker's time: what each has taken lately, and at least
   * `nominal`, since one that is idle may begin at any moment.
   */
  expected(nominal: number): number {
    let sum = 0;
    for (const { busy } of this.#contexts) sum += Math.max(nominal, busy.rate);
    return sum;
  }
}

/** What one context has taken of its worker's time lately, since its first frame. */
interface ContextLoad {
  readonly busy: RollingSum;
  hasWatched: boolean;
}

/** What was done for one answer. */
export interface Work extends CallCost {
  readonly frames: number;
  readonly pace: Pace;
}

/** How far back a load reaches, in milliseconds. */
const windowMs = 10_000;
