import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { Log } from '../log.js';
import { Seat } from './seat.js';
import type { OpenSource } from './source-opener.js';

/** When a session is given up although its client is there. */
export interface IdleRule {
  /** How long nothing may be watched and nothing said. */
  readonly idleMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * How often to look for idle seats, in milliseconds: often enough for the limit and no more often than
 * useful.
 */
const sweep = { shareOfLimit: 0.1, least: 20, most: 15_000 };

/** The seats of all open sessions. One in which nothing happens for long makes room for others. */
export class Seats {
  readonly #registry: SessionRegistry;
  readonly #openSource: OpenSource;
  readonly #rule: IdleRule;
  readonly #seats = new Map<string, Seat>();
  readonly #sweeping: ReturnType<typeof setInterval>;

  constructor(registry: SessionRegistry, openSource: OpenSource, rule: IdleRule) {
    this.#registry = registry;
    this.#openSource = openSource;
    this.#rule = rule;
    const everyMs = Math.min(sweep.most, Math.max(sweep.least, rule.idleMs * sweep.shareOfLimit));
    this.#sweeping = setInterval(() => {
      this.#closeIdle();
    }, everyMs);
    this.#sweeping.unref();
  }

  /** The seat of a session, made at the first call. */
  of(session: DuetSession): Seat {
    this.#forgetClosed();
    const known = this.#seats.get(session.id);
    if (known) return known;
    const seat = new Seat(session, this.#openSource, this.#rule.now);
    this.#seats.set(session.id, seat);
    return seat;
  }

  /** Gives up every source that is being opened or watched; for the end of the server. */
  abandonSources(): void {
    clearInterval(this.#sweeping);
    for (const seat of this.#seats.values()) seat.abandonSource();
  }

  #closeIdle(): void {
    const { idleMs, log } = this.#rule;
    for (const [id, seat] of this.#seats) {
      if (seat.idleForMs < idleMs) continue;
      this.#seats.delete(id);
      this.#registry.close(id, 'idle').catch((thrown: unknown) => {
        log('An idle session could not be closed', thrown);
      });
    }
  }

  #forgetClosed(): void {
    const open = new Set(this.#registry.list().map((session) => session.id));
    for (const [id, seat] of this.#seats) {
      if (open.has(id)) continue;
      seat.abandonSource();
      this.#seats.delete(id);
    }
  }
}
