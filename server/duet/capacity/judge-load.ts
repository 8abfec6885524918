/**
 * Whether another source in real time can be watched without making frames late. Pure: it sees figures and
 * knows neither sessions nor clocks.
 *
 * The first source on a worker is always admitted: it makes nobody late but itself.
 */
export function judgeLoad(demand: Demand, worker: WorkerState, machine: MachineState): Verdict {
  if (worker.sources === 0 && machine.sources === 0) return { admitted: true };
  const { waitedMs } = worker;
  if (waitedMs !== null && waitedMs > machine.targetMs && worker.sources > 0) {
    return { admitted: false, because: 'late', waitedMs };
  }
  const coresLeft = machine.cores * mostUse - machine.busyCores - demand.decoderCores;
  if (demand.frameCores > coresLeft) {
    return { admitted: false, because: 'machine', fits: shareLeft(coresLeft, demand.frameCores) };
  }
  if (worker.sources === 0) return { admitted: true };
  const left = mostBusy(Math.max(demand.frameMs, worker.frameMs), machine.targetMs) - worker.busy;
  if (demand.share <= left) return { admitted: true };
  return { admitted: false, because: 'worker', fits: shareLeft(left, demand.share) };
}

/** What a source would take. */
export interface Demand {
  /** Model time of a frame in all contexts of the session, in milliseconds. */
  readonly frameMs: number;
  /** Share of its worker's time. */
  readonly share: number;
  /** Cores for scoring its frames and all that goes with them. */
  readonly frameCores: number;
  /** Cores for decoding, however few of its pictures become frames. */
  readonly decoderCores: number;
}

/** The worker that would score its frames. */
interface WorkerState {
  /** Sources in real time that it serves. */
  readonly sources: number;
  /** Share of its time that they take. */
  readonly busy: number;
  /** The longest model time of a frame of theirs, in milliseconds; 0 without sources. */
  readonly frameMs: number;
  /** How long 99 of 100 of their frames have waited at most; null without frames. */
  readonly waitedMs: number | null;
}

/** The machine as a whole. */
interface MachineState {
  readonly sources: number;
  readonly cores: number;
  /** Cores that sources in real time take. */
  readonly busyCores: number;
  /** How late frames may be. */
  readonly targetMs: number;
}

/** Whether a source is admitted; if not, why, and which share of what it asked for would fit. */
export type Verdict =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly because: 'late'; readonly waitedMs: number }
  | { readonly admitted: false; readonly because: 'machine' | 'worker'; readonly fits: number };

/** Share of workers and cores that sources in real time may take; the rest is for bursts and other work. */
const mostUse = 0.85;

/**
 * How busy a worker may be with frames of `frameMs` for 99 of 100 to be scored within `targetMs`. Frames that
 * come at random times and take equally long (a queue M/D/1) wait `frameMs * ln(100 b) / (2 (1 - b))` at most
 * at a busy share b, and then take `frameMs`; one more of those may have just begun.
 */
export function mostBusy(frameMs: number, targetMs: number): number {
  const room = targetMs - 2 * frameMs;
  let busy = mostUse;
  while (busy > step && (frameMs * Math.log(100 * busy)) / (2 * (1 - busy)) > room) busy -= step;
  return busy;
}

const step = 0.01;

function shareLeft(left: number, asked: number): number {
  return Math.max(0, Math.min(1, left / asked));
}
