import { availableParallelism } from 'node:os';
import type { DuetModel } from '../../runtime/model.js';
import type { Counters } from '../record/counters.js';
import type { FrameDelay } from '../record/session-state.js';
import { busyError, type WatchedLoad } from './busy-error.js';
import { CpuUse } from './cpu-use.js';
import { judgeLoad, type Demand, type Verdict } from './judge-load.js';
import { ResourceCosts } from './resource-costs.js';
import { RollingQuantiles } from './rolling-quantiles.js';
import { WorkerSources, type BookedSource, type WantedSource, type WorkerPlace } from './worker-sources.js';

/**
 * Decides by measured load how many sources this machine watches in real time. Each is expected to take its
 * frames a second times what a frame of its model takes here in each context of its session, and what its
 * decoder takes; the first one that would make others late is refused, and so is a question that would.
 * Sources that run fast are not counted: they take what is left.
 */
export class Capacity {
  readonly #options: Required<CapacityOptions>;
  readonly #workers: WorkerSources;
  readonly #costs: ResourceCosts;
  readonly #late: RollingQuantiles;

  constructor(options: CapacityOptions) {
    const { now, cores = availableParallelism(), cpu = new CpuUse(now) } = options;
    this.#options = { ...options, cores, cpu };
    this.#workers = new WorkerSources(now);
    this.#costs = new ResourceCosts(cpu, now);
    this.#late = new RollingQuantiles(windowMs, now);
  }

  /** Admits a source in real time. Throws 'busy' if it would make others late. */
  admit(wanted: WantedSource): Admission {
    const { counters } = this.#options;
    const verdict = this.judge(wanted);
    if (!verdict.admitted) {
      counters.add('sourcesRefused');
      throw busyError('source', verdict, wanted, this.use);
    }
    counters.add('sourcesAdmitted');
    const { sources } = this.#workers.of(wanted);
    const booked = { ...wanted };
    sources.add(booked);
    return {
      leave: () => {
        sources.delete(booked);
      },
      requireRoomFor: (contexts) => {
        this.#requireRoomFor({ ...wanted, contexts: () => contexts }, booked);
      },
    };
  }

  /** Whether a source would be admitted now. */
  judge(wanted: WantedSource): Verdict {
    return this.#judge(wanted, null);
  }

  /** Whether a source fits; `booked` is its own place, if it is watched already. */
  #judge(wanted: WantedSource, booked: BookedSource | null): Verdict {
    const { cores, targetMs } = this.#options;
    const { sources, waited } = this.#workers.of(wanted);
    const demandOf = (source: BookedSource) => this.#demandOf({ ...source, model: wanted.model });
    const others = [...sources].filter((source) => source !== booked).map(demandOf);
    const worker = {
      sources: others.length,
      busy: sumOf(others.map(({ share }) => share)),
      frameMs: Math.max(0, ...others.map(({ frameMs }) => frameMs)),
      waitedMs: waited.count >= fewestFrames ? waited.at(0.99) : null,
    };
    const all = this.#workers.all.filter(({ source }) => source !== booked);
    const machine = { sources: all.length, cores, busyCores: this.#coresOf(all), targetMs };
    return judgeLoad(demandOf(wanted), worker, machine);
  }

  /** Throws 'busy' if a source that is watched would make others late once it has as many contexts. */
  #requireRoomFor(wanted: WantedSource, booked: BookedSource): void {
    const verdict = this.#judge(wanted, booked);
    if (verdict.admitted) return;
    this.#options.counters.add('questionsRefused');
    throw busyError('question', verdict, wanted, this.use);
  }

  /** Sessions are opened with this model. */
  know(model: DuetModel): void {
    this.#workers.know(model);
  }

  /** Whether no model that is in use could watch another source at the frame rate it was made for. */
  get isSaturated(): boolean {
    const { models } = this.#workers;
    return models.length > 0 && models.every((model) => this.#isSaturated(model));
  }

  /** Takes note of how late a frame was scored. */
  noteDelay(place: WorkerPlace, { lateMs, waitedMs }: FrameDelay): void {
    this.#late.add(lateMs);
    this.#workers.of(place).waited.add(waitedMs);
  }

  /** Measures processor times; call it every second or two. */
  sample(): void {
    this.#costs.sample(this.#workers.all.length, this.#workers.models);
  }

  /** What is in use now. */
  get use(): CapacityUse {
    const { cores, cpu, targetMs } = this.#options;
    return {
      sources: this.#workers.all.length,
      lateMedianMs: this.#late.at(0.5),
      lateMs: this.#late.at(0.99),
      ...{ cores, targetMs, ownCores: cpu.own, decoderCores: cpu.children },
      expectedCores: this.#coresOf(this.#workers.all),
      models: this.#workers.models,
    };
  }

  #coresOf(watched: WorkerSources['all']): number {
    const demands = watched.map(({ model, source }) => this.#demandOf({ ...source, model }));
    return sumOf(demands.map(({ frameCores, decoderCores }) => frameCores + decoderCores));
  }

  #isSaturated(model: DuetModel): boolean {
    const { fps } = model.capabilities;
    const workers = model.load?.workers.map((_, index) => index) ?? [null];
    return workers.every(
      (worker) => !this.judge({ model, worker, fps: fps.madeFor, contexts: () => 1 }).admitted,
    );
  }

  #demandOf({ model: { load }, fps, contexts }: BookedSource & { readonly model: DuetModel }): Demand {
    const frameMs = (load?.frameMs ?? 0) * contexts();
    const share = (fps * frameMs) / 1000;
    // A model elsewhere takes nothing of this machine that is known.
    const { coresPerBusy, decoderCores } = this.#costs;
    const frameCores = share * coresPerBusy;
    return { frameMs, share, frameCores, decoderCores: load === undefined ? 0 : decoderCores };
  }
}

/** The place of a source that was admitted. */
export interface Admission {
  /** Gives it back; may be called more than once. */
  leave(): void;
  /** Throws 'busy' if as many contexts as this in its session would make others late. */
  requireRoomFor(contexts: number): void;
}

/** What a {@link Capacity} needs to know. */
interface CapacityOptions {
  /** How late 99 of 100 frames may be, in milliseconds. */
  readonly targetMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly counters: Counters;
  /** Default: this machine's. */
  readonly cores?: number;
  readonly cpu?: CpuUse;
}

/** What is in use of a machine. */
export interface CapacityUse extends WatchedLoad {
  /** How late half of the frames of the last seconds were at most, in milliseconds. */
  readonly lateMedianMs: number | null;
  /** Cores that this process uses, and those that its decoders use. */
  readonly ownCores: number;
  readonly decoderCores: number;
  /** The models that sessions were opened with. */
  readonly models: readonly DuetModel[];
}

const windowMs = 10_000;

/** With fewer frames a quantile says nothing. */
const fewestFrames = 10;

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
