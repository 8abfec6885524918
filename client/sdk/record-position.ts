import type { ServerMessage } from './protocol.js';

/** Received events are acknowledged this often, so that the server need not keep them. */
const eventsPerAck = 32;

/** How far the record of the session has arrived: what a resumed session goes on from. */
export class RecordPosition {
  #sessionId: string | null = null;
  #seq = 0;

  /** Null before the session is opened. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** `seq` of the newest event that arrived; 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  arrive(message: ServerMessage): Arrival {
    if (message.type === 'session.opened') this.#sessionId = message.session_id;
    const isJoined = message.type === 'session.resumed' || message.type === 'session.following';
    if (isJoined && this.#sessionId === null) {
      this.#sessionId = message.session_id;
      this.#seq = message.after_seq;
    }
    if (!('seq' in message)) return { isNew: true, ack: null };
    if (message.seq <= this.#seq) return { isNew: false, ack: null };
    this.#seq = message.seq;
    return { isNew: true, ack: message.seq % eventsPerAck === 0 ? message.seq : null };
  }
}

/** What to do with an arrived message. */
interface Arrival {
  /** False for an event that had already arrived before the connection was lost. */
  readonly isNew: boolean;
  /** `seq` to acknowledge now, or null. */
  readonly ack: number | null;
}
