import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** A line of a record, as it came. */
type Line = Readonly<Record<string, unknown>> & { readonly type: string; readonly seq: number };

/**
 * A client that watches one source after another and comes back to its session whenever the server is lost.
 * It keeps all it has seen, and notes what came twice or went back.
 */
export class RecordedClient {
  readonly seen = new Map<number, string>();
  readonly faults: string[] = [];
  readonly types = new Map<string, number>();
  sessionId: string | null = null;
  lastSeq = 0;
  /** Seen up to here when the server was asked last. */
  checkedSeq = 0;
  readonly #settings: object;
  readonly #source: object;
  #socket: WebSocket | null = null;
  #url = '';

  constructor(settings: object, source: object) {
    this.#settings = settings;
    this.#source = source;
  }

  /** Connects, and opens its session or goes on with it; resolves when events come. */
  async connect(url: string): Promise<void> {
    this.#url = url;
    const before = this.lastSeq;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1');
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      this.#hear(data.toString());
    });
    socket.once('open', () => {
      if (this.sessionId === null) {
        this.send({ type: 'session.open', settings: this.#settings });
        this.send(this.#source);
      } else this.send({ type: 'session.resume', session_id: this.sessionId, after_seq: this.lastSeq });
    });
    for (let tries = 0; this.lastSeq === before; tries += 1) {
      if (tries > 500)
        throw new Error(`no event of ${this.sessionId ?? 'a session'} came: ${this.faults.join()}`);
      await sleep(20);
    }
  }

  send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  close(): void {
    this.#socket?.terminate();
  }

  /**
   * Faults if anything that was seen is missing or different in the record, or if the record repeats itself.
   */
  async check(): Promise<void> {
    const newest = this.lastSeq;
    const address = `${this.#url}/v1/sessions/${this.sessionId ?? ''}/events?after=${this.checkedSeq}`;
    const recorded = new Map<number, string>();
    let last = this.checkedSeq;
    for (const line of (await (await fetch(address)).text()).split('\n').filter((text) => text !== '')) {
      const { seq } = JSON.parse(line) as Line;
      if (seq <= last) this.faults.push(`the record repeats ${seq} after ${last}`);
      last = seq;
      recorded.set(seq, line);
    }
    for (let seq = this.checkedSeq + 1; seq <= newest; seq += 1) {
      const seen = this.seen.get(seq);
      if (seen !== undefined && recorded.get(seq) !== seen)
        this.faults.push(`${seq} is lost: ${seen.slice(0, 60)}`);
    }
    this.checkedSeq = newest;
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as Line & { session_id?: string; message?: string };
    if (message.type === 'error') this.#refused(String(message.message));
    if (message.type === 'session.opened') this.sessionId = message.session_id ?? null;
    if (typeof message.seq !== 'number') return;
    if (message.seq !== this.lastSeq + 1) this.faults.push(`${message.seq} came after ${this.lastSeq}`);
    this.lastSeq = message.seq;
    this.seen.set(message.seq, text);
    this.types.set(message.type, (this.types.get(message.type) ?? 0) + 1);
    if (message.seq % 50 === 0) this.send({ type: 'ack', seq: message.seq });
    this.#goOn(message);
  }

  #refused(why: string): void {
    this.faults.push(why);
    const { lastSeq } = this;
    setTimeout(() => {
      if (this.lastSeq === lastSeq) this.send(this.#source);
    }, 300).unref();
  }

  /**
   * Another source follows the one that has ended, or that a killed server never got to know, unless the
   * server opens it again by itself.
   */
  #goOn({ type, seq }: Line): void {
    if (!['source.ended', 'source.failed', 'session.reopened'].includes(type)) return;
    setTimeout(() => {
      if (this.lastSeq === seq) this.send(this.#source);
    }, 300).unref();
  }
}
