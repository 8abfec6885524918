import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { serverMessageSchema } from '../../server/protocol/server-messages.js';
import type { Random } from '../../server/scoring/statistics/random.js';
import { fuzzedMessage } from './messages.js';

/** What all clients of a fuzz have seen. */
export interface FuzzTally {
  /** Messages behind which a `ping` was answered. */
  handled: number;
  readonly errors: Record<string, number>;
  readonly closed: Record<string, number>;
  readonly events: Record<string, number>;
  readonly sessionIds: string[];
}

/**
 * Messages between two `ping`s, and how long an answer may take before the server counts as hung, in
 * milliseconds.
 */
const batch = 20;
const patienceMs = 60_000;

/**
 * One client after another, each on a connection of its own until the server closes it. Every answer must be
 * one of the protocol.
 */
export class FuzzClient {
  readonly #url: string;
  readonly #random: Random;
  readonly #jpeg: Buffer;
  readonly #tally: FuzzTally;

  constructor(url: string, random: Random, jpeg: Buffer, tally: FuzzTally) {
    this.#url = `${url.replace('http', 'ws')}/v1/duet`;
    this.#random = random;
    this.#jpeg = jpeg;
    this.#tally = tally;
  }

  /**
   * Sends until `count` messages of all clients together have been handled. Throws when an answer does not
   * come.
   */
  async run(count: number): Promise<void> {
    while (this.#tally.handled < count) {
      const socket = new WebSocket(this.#url, 'duet.v1');
      socket.on('error', () => undefined);
      const closed = once(socket, 'close').then(([code]: unknown[]) => String(code));
      await Promise.race([once(socket, 'open'), closed]);
      // Most connections begin well, so that what follows reaches deeper.
      if (this.#random() < 0.8) socket.send('{"type":"session.open"}');
      if (this.#random() < 0.5) socket.send('{"type":"source.start","source":{"type":"pictures"}}');
      while (this.#tally.handled < count && socket.readyState === WebSocket.OPEN)
        await this.#sendBatch(socket, closed);
      socket.close();
      const code = await Promise.race([closed, wait(patienceMs, 'hangs', { ref: false })]);
      note(this.#tally.closed, code);
    }
  }

  async #sendBatch(socket: WebSocket, closed: Promise<string>): Promise<void> {
    const answered = new Promise<'answered'>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (this.#hear(data)) resolve('answered');
      });
    });
    for (let sent = 0; sent < batch; sent += 1) {
      const message = fuzzedMessage(this.#random, this.#tally.sessionIds, this.#jpeg);
      socket.send(message, { binary: typeof message !== 'string' && message[0] !== 0x22 });
    }
    socket.send('{"type":"ping","event_id":"fuzz"}');
    const outcome = await Promise.race([answered, closed, wait(patienceMs, 'hangs', { ref: false })]);
    socket.removeAllListeners('message');
    if (outcome === 'hangs') throw new Error(`no answer within ${patienceMs} ms`);
    if (outcome === 'answered') this.#tally.handled += batch;
  }

  /** Notes a message of the server; tells whether it is the answer that is waited for. */
  #hear(data: Buffer): boolean {
    const message = serverMessageSchema.parse(JSON.parse(data.toString()));
    const { errors, events, sessionIds } = this.#tally;
    note(events, message.type);
    if (message.type === 'error') note(errors, message.code);
    if (message.type === 'session.opened' && sessionIds.push(message.session_id) > 8) sessionIds.shift();
    return message.type === 'pong' && message.client_event_id === 'fuzz';
  }
}

function note(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
