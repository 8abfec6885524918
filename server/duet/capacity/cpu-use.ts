import { readdirSync, readFileSync } from 'node:fs';
import { RollingSum } from '../../runtime/rolling-sum.js';

/**
 * How much of the machine this process and the programs it has started use: processor time for each
 * millisecond, so 1 is one core.
 */
export class CpuUse {
  readonly #read: ReadCpu;
  readonly #own: RollingSum;
  readonly #children: RollingSum;
  #last: CpuTimes;

  /** `now` gives monotonic milliseconds; `read` is replaced in tests. */
  constructor(now: () => number, read: ReadCpu = readCpu) {
    this.#read = read;
    this.#own = new RollingSum(windowMs, now);
    this.#children = new RollingSum(windowMs, now);
    this.#last = read();
  }

  /** Reads the clocks, every second or two, and returns the processor time since the last call. */
  sample(): CpuTimes {
    const read = this.#read();
    const ownMs = Math.max(0, read.ownMs - this.#last.ownMs);
    const childrenMs = Math.max(0, read.childrenMs - this.#last.childrenMs);
    this.#own.add(ownMs);
    this.#children.add(childrenMs);
    this.#last = read;
    return { ownMs, childrenMs };
  }

  /** Cores that this process uses, all its threads together. */
  get own(): number {
    return this.#own.rate;
  }

  /** Cores that its programs use, mainly decoders; 0 where the system does not tell. */
  get children(): number {
    return this.#children.rate;
  }
}

/** Processor time in milliseconds. */
interface CpuTimes {
  readonly ownMs: number;
  readonly childrenMs: number;
}

/** Reads the processor times so far. */
type ReadCpu = () => CpuTimes;

const windowMs = 10_000;

function readCpu(): CpuTimes {
  const { user, system } = process.cpuUsage();
  return { ownMs: (user + system) / 1000, childrenMs: readChildrenMs() };
}

/**
 * Linux tells the times of a process in its `stat` file: of children that live, and of all that have ended.
 */
function readChildrenMs(): number {
  if (process.platform !== 'linux') return 0;
  try {
    const ended = ticksOf('self', endedChildren);
    const alive = childrenOf('self').map((pid) => ticksOf(pid, ownTicks) + ticksOf(pid, endedChildren));
    return (ended + alive.reduce((sum, ticks) => sum + ticks, 0)) * msPerTick;
  } catch {
    return 0;
  }
}

function childrenOf(pid: string): readonly string[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    (readOrNothing(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter((child) => child !== ''),
  );
}

/** Ticks of user and system time; 0 for a process that has just ended. */
function ticksOf(pid: string, [user, system]: readonly [number, number]): number {
  // The name of the program, in parentheses, may contain blanks.
  const fields = readOrNothing(`/proc/${pid}/stat`)?.split(') ').at(-1)?.split(' ') ?? [];
  return Number(fields[user] ?? 0) + Number(fields[system] ?? 0);
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Places of utime and stime, and of cutime and cstime, counted from the process's state. */
const ownTicks = [11, 12] as const;
const endedChildren = [13, 14] as const;

/** A hundred ticks a second on every Linux that Node.js runs on. */
const msPerTick = 10;
