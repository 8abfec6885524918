import { DuetError } from '../../../errors.js';
import { callScope, type CallScope } from '../../call-scope.js';

/**
 * Runs one model call at a time, those of the highest rank first, and measures how long they take. Contexts
 * share a worker call by call; messages (a cancel, a new text) are handled between two calls.
 *
 * - Frames in real time go first, in the order in which contexts were given them.
 * - Tokens of replies, slices of texts, and whatever contexts do that run `fast` come after them, each in
 *   turn. One of them runs now and then although others of a higher rank wait, so that each gets on.
 */
export class RunQueue {
  readonly #now: () => number;
  readonly #waiting: Record<Rank, WaitingCall[]> = { frames: [], replies: [], texts: [], fast: [] };
  /** Calls that have passed those waiting in a rank. */
  readonly #passed: Record<Rank, number> = { frames: 0, replies: 0, texts: 0, fast: 0 };
  /** The newest calls in real time of two contexts, the newer first. */
  #recent: readonly RecentCall[] = [];
  #running: Promise<void> | null = null;
  #closed = false;

  /** `now` gives monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Runs `call` when its turn comes and returns its result. A failure affects only its caller. Throws
   * 'model_failed' once the queue is closed, also for calls that are still waiting.
   */
  run<Result>(call: () => Promise<Result>, urgency: Urgency = 'prompt'): Promise<Result> {
    const scope = callScope.getStore();
    if (scope?.pace === 'realtime') this.#note(scope.context);
    return new Promise((resolve, reject) => {
      const begin = () => this.#begin(call, scope).then(resolve, reject);
      enqueue(this.#waiting[rankOf(urgency, scope)], { order: scope?.order ?? 0, begin });
      this.#running ??= this.#runAll();
    });
  }

  /**
   * Whether other contexts have worked in real time just now, so that the present one should keep each of its
   * calls short.
   */
  get isShared(): boolean {
    const context = callScope.getStore()?.context;
    const other = this.#recent.find((recent) => recent.context !== context);
    return context !== undefined && other !== undefined && this.#now() - other.at < recentMs;
  }

  /** Refuses further calls and resolves when the running one ends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #runAll(): Promise<void> {
    for (;;) {
      await letMessagesThrough();
      const rank = this.#nextRank();
      if (rank === undefined) break;
      await this.#take(rank)?.begin();
    }
    this.#running = null;
  }

  /** The highest rank in which calls wait, unless one below has been passed often enough. */
  #nextRank(): Rank | undefined {
    const ranks = allRanks.filter((rank) => this.#waiting[rank].length > 0);
    return ranks.findLast((rank) => this.#passed[rank] >= mostPassing[rank]) ?? ranks[0];
  }

  #take(rank: Rank): WaitingCall | undefined {
    for (const below of allRanks.slice(allRanks.indexOf(rank) + 1)) {
      this.#passed[below] = this.#waiting[below].length > 0 ? this.#passed[below] + 1 : 0;
    }
    this.#passed[rank] = 0;
    return this.#waiting[rank].shift();
  }

  async #begin<Result>(call: () => Promise<Result>, scope: CallScope | undefined): Promise<Result> {
    if (this.#closed) throw new DuetError('model_failed', 'the model was closed; load it again');
    if (scope === undefined) return callScope.exit(call);
    const begun = this.#now();
    try {
      // The queue goes on within the call that set it off, which may be another one.
      return await callScope.run(scope, call);
    } finally {
      scope.cost.busyMs += this.#now() - begun;
    }
  }

  #note(context: number): void {
    const others = this.#recent.filter((recent) => recent.context !== context);
    this.#recent = [{ context, at: this.#now() }, ...others].slice(0, 2);
  }
}

/**
 * How a call waits: `prompt`, or `patient` as slices of a long text do, which let a few others pass.
 */
export type Urgency = 'prompt' | 'patient';

/** What calls are for, the highest rank first. */
type Rank = 'frames' | 'replies' | 'texts' | 'fast';

const allRanks: readonly Rank[] = ['frames', 'replies', 'texts', 'fast'];

/**
 * How many calls of higher ranks may pass the first one that waits in a rank. What runs fast takes what is
 * left; it gets a few percent of a worker that is overloaded.
 */
const mostPassing: Readonly<Record<Rank, number>> = { frames: Infinity, replies: 4, texts: 4, fast: 32 };

/** How long a context counts as working in real time after a call, in milliseconds. */
const recentMs = 5000;

interface WaitingCall {
  /** Number of the call on a context that it belongs to; a lower one goes first. */
  readonly order: number;
  readonly begin: () => Promise<void>;
}

interface RecentCall {
  readonly context: number;
  readonly at: number;
}

function rankOf(urgency: Urgency, scope: CallScope | undefined): Rank {
  if (scope?.pace === 'fast') return 'fast';
  if (urgency === 'patient') return 'texts';
  return scope?.kind === 'reply' ? 'replies' : 'frames';
}

/** Frames are taken in the order of their calls on contexts; all else takes turns. */
function enqueue(waiting: WaitingCall[], call: WaitingCall): void {
  const before = waiting.findLastIndex(({ order }) => order <= call.order);
  waiting.splice(before + 1, 0, call);
}

function letMessagesThrough(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
