import type { WebSocket } from 'ws';
import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import { DuetError, isExhausted, toDuetError } from '../../errors.js';
import type { Closing } from '../../protocol/close-codes.js';
import { parseClientMessage } from '../../protocol/parse-client-message.js';
import { eventLine } from '../../records/wire-event.js';
import type { Attachment, HostedSession, SessionRole } from '../sessions/hosted-session.js';
import { followedName } from '../sessions/shares.js';
import { fromWire } from '../wire.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import { ErrorReporter, type ErrorSubject } from './error-reporter.js';
import { MessageBudget } from './message-budget.js';
import { Outbox } from './outbox.js';
import { receiveMessages, type IncomingMessage } from './receive-messages.js';
import type { Requester } from './requester.js';
import { answer } from './requests.js';
import { sendEvents } from './send-events.js';
import type { ConnectionServices } from './services.js';
import { closeSocket, keepHeartbeat } from './socket.js';

/** One WebSocket: its messages become calls on one session, and that session's events become its messages. */
export class Connection implements Requester {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  readonly owner: SessionOwner;
  readonly #socket: WebSocket;
  readonly #ended = new AbortController();
  readonly #errors: ErrorReporter;
  #attachment: Attachment | null = null;
  #isAnswering = false;

  constructor(socket: WebSocket, services: ConnectionServices, owner: SessionOwner) {
    this.#socket = socket;
    this.owner = owner;
    this.services = services;
    this.outbox = new Outbox(socket);
    this.#errors = new ErrorReporter(this.outbox, services.limits, services.now);
  }

  /** Serves the client until it disconnects; a session it leaves open waits for its return. */
  async serve(): Promise<void> {
    const { limits, now, log } = this.services;
    this.#socket.on('error', (cause) => {
      log('A connection broke', cause);
    });
    keepHeartbeat(this.#socket, limits.heartbeatMs, () => {
      this.close('no_heartbeat');
    });
    const unopened = setTimeout(() => {
      // Handling a message may take long, for example while a model loads; the client is not idle then.
      if (this.#isAnswering) unopened.refresh();
      else if (!this.#attachment) this.close('idle');
    }, limits.openWithinMs);
    try {
      const budget = new MessageBudget(limits.rates, now);
      const { signal } = this.#ended;
      const receive = (message: IncomingMessage): Promise<void> => this.#receive(message);
      const outcome = await receiveMessages(this.#socket, budget, signal, receive);
      if (outcome === 'too_fast') this.#cutOff('too_fast', 'A client sent more than it may and was cut off');
    } finally {
      clearTimeout(unopened);
      this.#ended.abort();
      this.#attachment?.leave();
    }
  }

  get controlled(): HostedSession {
    if (!this.#attachment) {
      throw new DuetError('invalid_request', 'No session is open: send session.open or session.resume first');
    }
    if (this.#attachment.role === 'controller') return this.#attachment.hosted;
    throw new DuetError('invalid_request', 'This connection only reads its session: it cannot control it');
  }

  requireUnattached(): void {
    if (this.#attachment) {
      throw new DuetError(
        'invalid_request',
        'This connection has a session already: open another connection',
      );
    }
  }

  attach(hosted: HostedSession, role: SessionRole, after: number): void {
    this.#attachment = hosted.attach(role, {
      replaced: () => {
        this.close('resumed_elsewhere');
      },
      dismissed: () => {
        this.close('policy');
      },
    });
    this.inBackground(null, this.#sendEvents(hosted, role, after));
  }

  async sendPast(events: AsyncIterable<SessionEvent>): Promise<void> {
    for await (const event of events) {
      await yieldToEventLoop();
      await this.outbox.sendLine(eventLine(event));
      if (this.#ended.signal.aborted) return;
    }
    this.close('session_closed');
  }

  inBackground(eventId: string | null, work: Promise<void>): void {
    void this.#attempt(eventId, () => work).catch((thrown: unknown) => {
      this.services.log('A failed request could not be ended', thrown);
    });
  }

  /** Closes the connection; messages still waiting are not handled any more. The first reason counts. */
  close(closing: Closing): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    closeSocket(this.#socket, closing);
  }

  #cutOff(closing: Closing, message: string): void {
    this.services.log(message);
    this.close(closing);
  }

  async #receive({ kind, bytes }: IncomingMessage): Promise<void> {
    if (kind === 'binary') {
      // Not awaited: a picture's outcome is known only when its turn comes, and texts must not wait for that.
      this.inBackground(null, this.#takePicture(bytes));
      // Bytes of a container cannot be dropped: while too many wait, no more are read.
      if (this.#attachment?.role === 'controller') await this.#attachment.hosted.source.room();
      return;
    }
    const parsed = parseClientMessage(bytes);
    if (parsed.ok) {
      const request = fromWire(parsed.message);
      this.#isAnswering = true;
      await this.#attempt(request.eventId ?? null, async () => answer(this, request));
      this.#isAnswering = false;
    } else {
      const { code, message, param, eventId } = parsed.fault;
      await this.#refuse(new DuetError(code, message), { clientEventId: eventId, param });
    }
  }

  async #takePicture(bytes: Uint8Array): Promise<void> {
    try {
      await this.controlled.source.push(bytes);
    } catch (thrown) {
      const error = toDuetError(thrown);
      if (isOurs(error)) throw error;
      await this.#errors.reportPicture(error);
    }
  }

  async #attempt(eventId: string | null, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      await this.#fail(thrown, eventId);
    }
  }

  async #fail(thrown: unknown, clientEventId: string | null): Promise<void> {
    const error = toDuetError(thrown);
    if (isOurs(error) || isExhausted(error.cause)) this.services.log('A request failed', thrown);
    await this.#refuse(error, { clientEventId });
    const { role, hosted } = this.#attachment ?? {};
    if (isOurs(error) && role === 'controller' && hosted) {
      await this.services.registry.close(hosted.session.id, error.code);
    }
  }

  async #refuse(error: DuetError, subject: ErrorSubject): Promise<void> {
    const closing = await this.#errors.report(error, subject);
    // A session that has its place waits for room: its client may try again, or ask for less.
    const mayWait = closing === 'try_later' && this.#attachment !== null;
    if (closing !== null && !mayWait) this.close(closing);
  }

  async #sendEvents({ session }: HostedSession, role: SessionRole, after: number): Promise<void> {
    const { log, id } = session;
    const { maxLag, stalledAfterMs } = this.services.limits;
    const shown = role === 'reader' ? { shownId: followedName(id) } : {};
    const reading = { after, maxLag, stalledAfterMs, ...shown };
    const outcome = await sendEvents(log, this.outbox, reading, this.#ended.signal);
    if (outcome === 'lagging') {
      this.#cutOff('reading_too_slowly', 'A client does not read its events and was cut off');
    }
    if (outcome !== 'ended') return;
    const last = log.snapshot().at(-1);
    const reason = last?.type === 'session.closed' ? last.reason : '';
    this.close(closingAtEnd[reason] ?? 'session_closed');
  }
}

/**
 * How to close a connection when its session ends for this reason; any other reason is the client's request.
 */
const closingAtEnd: Readonly<Record<string, Closing>> = {
  server_shutdown: 'going_away',
  model_failed: 'internal',
  internal: 'internal',
  idle: 'idle',
};

/** Whether the server, not the client's message, is at fault. */
function isOurs({ code }: DuetError): boolean {
  return code === 'internal' || code === 'model_failed';
}
