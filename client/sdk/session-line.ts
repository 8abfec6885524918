import { Answers, type AnswerOf, type AnswerType } from './answers.js';
import { DuetClientError, errorFromMessage } from './client-error.js';
import { EventBuffer } from './event-buffer.js';
import { Link, type LinkParts } from './link.js';
import type { ConnectionState } from './options.js';
import type { ClientMessage, ServerMessage } from './protocol.js';
import { isCleanEnd, mayResume, mayRetry } from './reconnecting.js';
import { RecordPosition } from './record-position.js';
import { SendQueue } from './send-queue.js';

/**
 * The line to one session. After a loss, and after a restart of the server, it resumes the session where its
 * events had arrived, and sends what waited; it settles what waits for an answer, and hands on the messages,
 * none twice.
 */
export class SessionLine {
  readonly #onConnection: (state: ConnectionState) => void;
  readonly #link: Link;
  readonly #events: EventBuffer;
  readonly #queue = new SendQueue((text) => {
    this.#link.send(text);
  });
  readonly #position = new RecordPosition();
  readonly #answers = new Answers();
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  /** The token of the session that is followed; null where the session is the client's own. */
  #token: string | null = null;
  /** Of the request to resume that has not been answered. */
  #resumeId: string | null = null;
  /** The newest event when the session was resumed. */
  #goesOnAfter = 0;
  #end: DuetClientError | null = null;
  #sent = 0;
  #closing = false;

  constructor({ link, bufferLimit, onConnection }: SessionLineParts) {
    this.#onConnection = onConnection;
    this.#events = new EventBuffer(bufferLimit);
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#link = new Link({
      ...link,
      onOpen: this.#onOpen.bind(this),
      onText: this.#onText.bind(this),
      onLoss: (code) => {
        // After a request to close there is no reason to reconnect, even if the request itself was lost.
        if (this.#closing || isCleanEnd(code)) return 'end';
        // While it is being resumed a busy server may be asked again, too.
        const mayComeBack = this.#resumeId === null ? mayResume(code) : mayRetry(code);
        return this.#position.sessionId !== null && mayComeBack ? 'come back' : 'fail';
      },
      onState: this.#onState.bind(this),
    });
  }

  /** Null before the session is opened. */
  get sessionId(): string | null {
    return this.#position.sessionId;
  }

  /**
   * Sends a message, or keeps it until connected; returns its `event_id`. Throws once the session is over.
   */
  post(message: ClientMessage): string {
    if (this.#end !== null) throw this.#end;
    const eventId = this.#nextId();
    this.#queue.post({ ...message, event_id: eventId });
    return eventId;
  }

  /** Posts a message; resolves to its answer, and rejects with its refusal or the end of the session. */
  async ask<Type extends AnswerType>(message: ClientMessage, type: Type): Promise<AnswerOf<Type>> {
    if (message.type === 'session.follow') this.#token = message.token;
    return this.#answers.to(this.post(message), type);
  }

  /**
   * Sends bytes at once; false, and nothing is sent, while not connected or more than `limit` bytes are
   * unsent.
   */
  push(bytes: Uint8Array<ArrayBuffer>, limit: number): boolean {
    if (!this.#queue.free || this.#link.bufferedBytes > limit) return false;
    this.#link.send(bytes);
    return true;
  }

  /** The messages of the server but `pong`. */
  read(): AsyncIterator<ServerMessage> {
    return this.#events.read();
  }

  /** Closes the session; resolves when the server has confirmed it, or the connection is gone. */
  async close(): Promise<void> {
    if (this.#end !== null) return;
    this.#closing = true;
    if (this.#position.sessionId === null || !this.#queue.free) this.dispose();
    else this.post({ type: 'session.close' });
    await this.#ended;
  }

  /** Drops the connection at once. */
  dispose(): void {
    this.#link.end(null);
  }

  #nextId(): string {
    this.#sent += 1;
    return `c${this.#sent}`;
  }

  #onOpen(): void {
    const { sessionId, seq } = this.#position;
    if (sessionId === null) {
      this.#queue.release();
      return;
    }
    this.#resumeId = this.#nextId();
    const which =
      this.#token === null
        ? ({ type: 'session.resume', session_id: sessionId } as const)
        : ({ type: 'session.follow', token: this.#token } as const);
    this.#sendNow({ ...which, after_seq: seq, event_id: this.#resumeId });
  }

  #onText(text: string): void {
    // The server's own schema made this message; a browser need not carry a validator to read it.
    const message = JSON.parse(text) as ServerMessage;
    const { isNew, ack } = this.#position.arrive(message);
    // Only who controls a session acknowledges its events.
    if (ack !== null && this.#token === null) this.#sendNow({ type: 'ack', seq: ack });
    if (message.type === 'pong' || !isNew) return;
    this.#events.push(message);
    this.#answers.hear(message);
    this.#react(message);
  }

  #react(message: ServerMessage): void {
    if (message.type === 'session.resumed' || message.type === 'session.following') {
      this.#resumeId = null;
      this.#link.settled();
      this.#queue.release();
    }
    if (message.type === 'session.resumed') this.#goesOnAfter = message.last_seq;
    if (message.type === 'session.closed') this.#onClosed(message);
    // A session that cannot be resumed is gone; trying once more would not bring it back.
    const isResumeRefused =
      message.type === 'error' && this.#resumeId !== null && message.client_event_id === this.#resumeId;
    if (isResumeRefused && message.code !== 'busy') this.#link.end(errorFromMessage(message), 1000);
  }

  #onClosed({ seq, reason }: Extract<ServerMessage, { type: 'session.closed' }>): void {
    // One that is older was followed by a reopening.
    if (seq <= this.#goesOnAfter) return;
    // A server that stops closes the connection next; what is sent from now on waits for its successor.
    if (reason === 'server_shutdown' && !this.#closing) this.#queue.hold();
    else this.#link.end(null);
  }

  #onState(state: ConnectionState): void {
    if (state.type !== 'open') this.#queue.hold();
    if (state.type === 'closed') {
      this.#end =
        state.error ?? new DuetClientError('closed', 'The session is closed: connect again for another one');
      this.#answers.end(this.#end);
      this.#events.end(state.error);
      this.#resolveEnded();
    }
    this.#onConnection(state);
  }

  #sendNow(message: ClientMessage): void {
    this.#link.send(JSON.stringify(message));
  }
}

/** What a line is made of. */
export interface SessionLineParts {
  readonly link: Pick<LinkParts, 'openSocket' | 'backOff' | 'heartbeatMs'>;
  /** Most messages kept for a reader who does not read. */
  readonly bufferLimit: number;
  readonly onConnection: (state: ConnectionState) => void;
}
