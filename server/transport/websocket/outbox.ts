import type { WebSocket } from 'ws';
import type { ServerMessage } from '../../protocol/server-messages.js';

/**
 * The sending side of one WebSocket. Callers that await {@link send} before the next call keep at most about
 * 256 kB and one message waiting in memory, however slowly the client reads.
 */
export class Outbox {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Whether so much is waiting that {@link send} waits too. */
  get isCrowded(): boolean {
    return this.#socket.bufferedAmount >= highWaterBytes;
  }

  /**
   * Resolves at once while little is waiting, else when this message has been handed to the network; on a
   * closed socket the message is discarded.
   */
  async send(message: ServerMessage): Promise<void> {
    await this.sendLine(JSON.stringify(message));
  }

  /** The same for a message that is written already, as the events of a record are. */
  async sendLine(text: string): Promise<void> {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.isCrowded) {
      this.#socket.send(text, ignoreFailure);
      return;
    }
    await new Promise<void>((resolve) => {
      this.#socket.send(text, () => {
        resolve();
      });
    });
  }
}

/** Bytes that may wait in one socket before its writers wait too. */
const highWaterBytes = 256 * 1024;

// A failed write is followed by the socket's own close event, which ends the connection.
function ignoreFailure(): void {
  return;
}
