/** What a heartbeat does to its connection. */
export interface HeartbeatActions {
  /** Asks the other side for a sign of life. */
  readonly ping: () => void;
  /** Nothing came back: the line is dead. */
  readonly dead: () => void;
}

/** Notices a dead line: after `quietMs` of silence it pings once, after as long again it reports the line dead and stops. */
export class Heartbeat {
  readonly #quietMs: number;
  readonly #actions: HeartbeatActions;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(quietMs: number, actions: HeartbeatActions) {
    this.#quietMs = quietMs;
    this.#actions = actions;
  }

  /** Something arrived, or the connection has just opened. */
  heard(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#actions.ping();
      this.#timer = setTimeout(this.#actions.dead, this.#quietMs);
    }, this.#quietMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
