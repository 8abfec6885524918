import type { WebSocket } from 'ws';
import { DuetError, isExhausted, toDuetError } from '../../errors.js';
import { closingOf, type Closing } from '../../protocol/close-codes.js';
import { parseClientMessage } from '../../protocol/parse-client-message.js';
import type { Seat } from '../sessions/seat.js';
import { fromWire } from '../wire.js';
import type { ConnectionServices } from './limits.js';
import { MessageBudget } from './message-budget.js';
import { Outbox } from './outbox.js';
import { receiveMessages, type IncomingMessage } from './receive-messages.js';
import { answer } from './requests.js';
import { sendEvents } from './send-events.js';
import { closeSocket, keepHeartbeat } from './socket.js';
import { TokenBucket } from './token-bucket.js';

/**
 * Why the server closes a connection when its session ends for this reason; any other reason is the client's
 * wish.
 */
const closingAtEnd: Readonly<Record<string, Closing>> = {
  server_shutdown: 'going_away',
  model_failed: 'internal',
  internal: 'internal',
  idle: 'idle',
};

/** One WebSocket: its messages become calls on one session, and that session's events become its messages. */
export class Connection {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  readonly #socket: WebSocket;
  readonly #ended = new AbortController();
  readonly #faults: TokenBucket;
  readonly #pictureErrors: TokenBucket;
  #seat: Seat | null = null;
  #untoldPictures = 0;

  constructor(socket: WebSocket, services: ConnectionServices) {
    this.#socket = socket;
    this.services = services;
    this.outbox = new Outbox(socket);
    const { faults, pictureErrors } = services.limits;
    this.#faults = new TokenBucket(faults, services.now);
    this.#pictureErrors = new TokenBucket(pictureErrors, services.now);
  }

  /** Serves the client until it is gone; a session it leaves open waits for its return. */
  async serve(): Promise<void> {
    const { limits, now, log } = this.services;
    this.#socket.on('error', (cause) => {
      log('A connection broke', cause);
    });
    keepHeartbeat(this.#socket, limits.heartbeatMs, () => {
      this.close('no_heartbeat');
    });
    const unopened = setTimeout(() => {
      if (!this.#seat) this.close('idle');
    }, limits.openWithinMs);
    try {
      const budget = new MessageBudget(limits.rates, now);
      const { signal } = this.#ended;
      const outcome = await receiveMessages(this.#socket, budget, signal, (message) =>
        this.#receive(message),
      );
      if (outcome === 'too_fast') this.#cutOff('too_fast', 'A client sent more than it may and was cut off');
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

  /**
   * Ends the connection; nothing that the client has sent and that waits is handled after this. The first
   * reason counts.
   */
  close(closing: Closing): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    closeSocket(this.#socket, closing);
  }

  #cutOff(closing: Closing, message: string): void {
    this.services.log(message);
    this.close(closing);
  }

  readonly #giveWay = (): void => {
    this.close('resumed_elsewhere');
  };

  async #receive({ kind, bytes }: IncomingMessage): Promise<void> {
    if (kind === 'binary') {
      // Not awaited: what becomes of a picture is known only when its turn comes, and texts must not wait for
      // that.
      this.inBackground(null, this.#takePicture(bytes));
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

  /**
   * A picture that cannot be taken is skipped: cameras break one now and then, which must never end a
   * session.
   */
  async #takePicture(bytes: Uint8Array): Promise<void> {
    try {
      await this.seat.push(bytes);
    } catch (thrown) {
      const error = toDuetError(thrown);
      if (isOurs(error)) throw error;
      if (this.#pictureErrors.trySpend()) await this.#tellOfPicture(error);
      else this.#untoldPictures += 1;
    }
  }

  async #tellOfPicture({ code, message, retryable }: DuetError): Promise<void> {
    const untold = this.#untoldPictures;
    this.#untoldPictures = 0;
    const more = untold === 0 ? '' : `; ${untold} pictures before it were skipped too`;
    await this.#sendError(new DuetError(code, message + more, { retryable }), null, null);
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
    if (isOurs(error) || isExhausted(error.cause)) this.services.log('A request failed', thrown);
    await this.#refuse(error, eventId, null);
    if (isOurs(error) && this.#seat) await this.services.registry.close(this.#seat.session.id, error.code);
  }

  async #refuse(error: DuetError, clientEventId: string | null, param: string | null): Promise<void> {
    const { code } = error;
    await this.#sendError(error, clientEventId, param);
    const isFault = code === 'invalid_message' || code === 'invalid_request' || code === 'too_large';
    const closing = isFault && !this.#faults.trySpend() ? 'policy' : closingOf[code];
    if (closing) this.close(closing);
  }

  async #sendError(error: DuetError, clientEventId: string | null, param: string | null): Promise<void> {
    const { code, retryable, retryAfterMs } = error;
    const message =
      code === 'internal' ? 'Something failed inside the server; its log says what' : error.message;
    await this.outbox.send({
      type: 'error',
      code,
      message,
      param,
      client_event_id: clientEventId,
      retryable,
      ...(retryAfterMs !== null && { retry_after_ms: retryAfterMs }),
    });
  }

  async #sendEvents(seat: Seat, after: number): Promise<void> {
    const { maxLag, stalledAfterMs } = this.services.limits;
    const { log } = seat.session;
    const reading = { after, maxLag, stalledAfterMs };
    const outcome = await sendEvents(log, this.outbox, reading, this.#ended.signal);
    if (outcome === 'lagging') {
      this.#cutOff('reading_too_slowly', 'A client does not read its events and was cut off');
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

/** Whether the server is at fault, and not what the client sent. */
function isOurs({ code }: DuetError): boolean {
  return code === 'internal' || code === 'model_failed';
}
