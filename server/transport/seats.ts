import type { SessionRegistry } from '../duet/registry.js';
import type { DuetSession } from '../duet/session.js';
import { Seat } from './seat.js';
import type { OpenSource } from './source-opener.js';

/** The seats of all open sessions. */
export class Seats {
  readonly #registry: SessionRegistry;
  readonly #openSource: OpenSource;
  readonly #seats = new Map<string, Seat>();

  constructor(registry: SessionRegistry, openSource: OpenSource) {
    this.#registry = registry;
    this.#openSource = openSource;
  }

  /** The seat of a session, made at the first call. */
  of(session: DuetSession): Seat {
    this.#forgetClosed();
    const known = this.#seats.get(session.id);
    if (known) return known;
    const seat = new Seat(session, this.#openSource);
    this.#seats.set(session.id, seat);
    return seat;
  }

  /** Gives up every source that is being opened or watched. */
  abandonSources(): void {
    for (const seat of this.#seats.values()) seat.abandonSource();
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
