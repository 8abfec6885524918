import type { WebSocket } from 'ws';
import { DuetError, toDuetError } from '../errors.js';
import { closingOf, type Closing } from '../protocol/close-codes.js';
import { parseClientMessage } from '../protocol/parse-client-message.js';
import { decodePictureMessage } from '../protocol/picture-message.js';
import { closeSocket } from './close-socket.js';
import { keepHeartbeat } from './heartbeat.js';
import { incomingMessages, type IncomingMessage } from './incoming.js';
import { Outbox } from './outbox.js';
import { answer } from './requests.js';
import type { Seat } from './seat.js';
import { sendEvents } from './send-events.js';
import type { ConnectionServices } from './services.js';
import { fromWire } from './wire.js';

/** Why the server closes a connection when its session ends for this reason; any other reason is the client's wish. */
const closingAtEnd: Readonly<Record<string, Closing>> = {
  server_shutdown: 'going_away',
  model_failed: 'internal',
  internal: 'internal',
};

/** One WebSocket: its messages become calls on one session, and that session's events become its messages. */
export class Connection {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  readonly #socket: WebSocket;
  readonly #ended = new AbortController();
  #seat: Seat | null = null;
  #faults = 0;

  constructor(socket: WebSocket, services: ConnectionServices) {
    this.#socket = socket;
    this.services = services;
    this.outbox = new Outbox(socket);
  }

  /** Serves the client until it is gone; a session it leaves open waits for its return. */
  async serve(): Promise<void> {
    keepHeartbeat(this.#socket, this.services.limits.heartbeatMs);
    const unopened = setTimeout(() => {
      if (!this.#seat) this.close('idle');
    }, this.services.limits.openWithinMs);
    try {
      for await (const message of incomingMessages(this.#socket)) await this.#receive(message);
    } catch (thrown) {
      this.services.log('A connection broke', thrown);
    } finally {
      clearTimeout(unopened);
      this.#ended.abort();
      this.#leaveSeat();
    }
  }

  /** The seat of this connection's session; throws 'invalid_request' before one is open. */
  get seat(): Seat {
    if (!this.#seat) {
      throw new DuetError('invalid_request', 'No session is open: send session.open or session.resume first');
    }
    return this.#seat;
  }

  /** Throws 'invalid_request' when this connection has a session already. */
  requireNoSeat(): void {
    if (this.#seat) {
      throw new DuetError(
        'invalid_request',
        'This connection has a session already: open another connection',
      );
    }
  }

  /** Takes a session's seat and sends its events after `after`. */
  occupy(seat: Seat, after: number): void {
    this.#seat = seat;
    this.services.registry.attach(seat.session.id);
    seat.take(this.#giveWay);
    this.inBackground(null, this.#sendEvents(seat, after));
  }

  /** Lets work run on while further messages are read; its failure is reported like that of a message. */
  inBackground(eventId: string | null, work: Promise<void>): void {
    void this.#attempt(eventId, () => work).catch((thrown: unknown) => {
      this.services.log('A failed request could not be ended', thrown);
    });
  }

  close(closing: Closing): void {
    closeSocket(this.#socket, closing);
  }

  readonly #giveWay = (): void => {
    this.close('resumed_elsewhere');
    this.#ended.abort();
  };

  async #receive({ bytes, isBinary }: IncomingMessage): Promise<void> {
    if (isBinary) {
      await this.#attempt(null, () => {
        // Not awaited: what becomes of a picture is known only when its turn comes, and texts must not wait for that.
        this.inBackground(null, this.seat.push(decodePictureMessage(bytes)));
        return Promise.resolve();
      });
      return;
    }
    const parsed = parseClientMessage(bytes);
    if (parsed.ok) {
      const request = fromWire(parsed.message);
      await this.#attempt(request.eventId ?? null, async () => answer(this, request));
    } else {
      const { code, message, param, eventId } = parsed.fault;
      await this.#refuse(new DuetError(code, message), eventId, param);
    }
  }

  async #attempt(eventId: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      await this.#report(thrown, eventId);
    }
  }

  async #report(thrown: unknown, eventId: string | null): Promise<void> {
    const error = toDuetError(thrown);
    const isOurs = error.code === 'internal' || error.code === 'model_failed';
    if (isOurs) this.services.log('A request failed', thrown);
    await this.#refuse(error, eventId, null);
    if (isOurs && this.#seat) await this.services.registry.close(this.#seat.session.id, error.code);
  }

  async #refuse(error: DuetError, clientEventId: string | null, param: string | null): Promise<void> {
    const { code, retryable } = error;
    const message =
      code === 'internal' ? 'Something failed inside the server; its log says what' : error.message;
    await this.outbox.send({
      type: 'error',
      code,
      message,
      param,
      client_event_id: clientEventId,
      retryable,
    });
    if (code === 'invalid_message' || code === 'invalid_request' || code === 'too_large') this.#faults += 1;
    const closing = this.#faults > this.services.limits.maxFaults ? 'policy' : closingOf[code];
    if (closing) this.close(closing);
  }

  async #sendEvents(seat: Seat, after: number): Promise<void> {
    const { maxLag, stalledAfterMs } = this.services.limits;
    const { log } = seat.session;
    const reading = { after, maxLag, stalledAfterMs };
    const outcome = await sendEvents(log, this.outbox, reading, this.#ended.signal);
    if (outcome === 'lagging') {
      this.services.log('A client does not read its events and was cut off');
      this.close('reading_too_slowly');
    }
    if (outcome !== 'ended') return;
    const last = log.snapshot().at(-1);
    const reason = last?.type === 'session.closed' ? last.reason : '';
    this.close(closingAtEnd[reason] ?? 'session_closed');
  }

  #leaveSeat(): void {
    const seat = this.#seat;
    if (seat?.leave(this.#giveWay)) this.services.registry.detach(seat.session.id);
  }
}
