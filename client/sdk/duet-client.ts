import type { ClientMessage, WireSource } from '../../server/protocol/client-messages.js';
import { encodePictureMessage } from '../../server/protocol/picture-message.js';
import type { ErrorMessage, ServerMessage } from '../../server/protocol/server-messages.js';
import type { WireEvent } from '../../server/protocol/session-events.js';
import { Answers, type AnswerOf } from './answers.js';
import { DuetClientError, errorFromMessage } from './client-error.js';
import { EventBuffer } from './event-buffer.js';
import { Link, type LinkParts } from './link.js';
import type { ConnectionState } from './options.js';
import { isCleanEnd, mayResume } from './reconnecting.js';
import { RecordPosition } from './record-position.js';
import { SendQueue } from './send-queue.js';

/**
 * One session on a Duet server.
 *
 * - `for await (const event of client)` yields every message of the server but `pong`, in order, none twice,
 *   also across lost connections. It ends when the session is closed and throws `DuetClientError` when it is
 *   lost for good: 'connection_lost' when the server stays away, 'not_found' when it is back and no longer
 *   has the session, as after a restart without records.
 * - A lost connection is taken up again with back-off and the session resumed where it was; messages sent
 *   meanwhile wait. What was sent in the very moment of the loss may be lost: its event (`user.text.inserted`
 *   …) tells that it arrived.
 * - Methods that send return the message's `event_id`; events and errors name it as `client_event_id`.
 */
export class DuetClient implements AsyncIterable<ServerMessage>, AsyncDisposable {
  readonly #parts: DuetClientParts;
  readonly #link: Link;
  readonly #events: EventBuffer;
  readonly #queue = new SendQueue((text) => {
    this.#link.send(text);
  });
  readonly #position = new RecordPosition();
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  readonly #answers = new Answers();
  /** The token of the session that is followed; null where the session is the client's own. */
  #token: string | null = null;
  #opening: Opening | null = null;
  #resumeId: string | null = null;
  #end: DuetClientError | null = null;
  #sent = 0;
  /** The newest event when the session was resumed. */
  #goesOnAfter = 0;
  #closing = false;

  constructor(parts: DuetClientParts) {
    this.#parts = parts;
    this.#events = new EventBuffer(parts.bufferLimit);
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#link = new Link({
      ...parts.link,
      onOpen: this.#onOpen.bind(this),
      onText: this.#onText.bind(this),
      onLoss: (code) => {
        // After a request to close there is no reason to reconnect, even if the request itself was lost.
        if (this.#closing || isCleanEnd(code)) return 'end';
        return this.#position.sessionId !== null && mayResume(code) ? 'come back' : 'fail';
      },
      onState: this.#onState.bind(this),
    });
  }

  /** Identifier of the session; null before `open` has resolved. */
  get sessionId(): string | null {
    return this.#position.sessionId;
  }

  /** Opens the session. Rejects with the server's refusal, or when no connection comes about. */
  open(fields: Fields<'session.open'> = {}): Promise<SessionOpened> {
    return new Promise((resolve, reject) => {
      const eventId = this.#post({ type: 'session.open', ...fields });
      this.#opening = { eventId, resolve, reject };
    });
  }

  /**
   * Goes on with a session of an earlier client, as after a reload; also where the server was restarted, if it
   * keeps records. The events after `afterSeq` come next; default: after the last that was acknowledged.
   */
  resume(sessionId: string, afterSeq?: number): Promise<AnswerOf<'session.resumed'>> {
    const after = afterSeq === undefined ? {} : { after_seq: afterSeq };
    const eventId = this.#post({ type: 'session.resume', session_id: sessionId, ...after });
    return this.#answers.to(eventId, 'session.resumed');
  }

  /**
   * Follows a session that somebody else controls, with a token of {@link share}. The answer brings what was
   * said last; events come from `afterSeq` on (0: from the beginning; default: from now on). Whatever would
   * change the session is refused.
   */
  follow(token: string, afterSeq?: number): Promise<AnswerOf<'session.following'>> {
    this.#token = token;
    const after = afterSeq === undefined ? {} : { after_seq: afterSeq };
    const eventId = this.#post({ type: 'session.follow', token, ...after });
    return this.#answers.to(eventId, 'session.following');
  }

  /** Resolves with a token with which anybody may {@link follow} the session, and do nothing else. */
  async share(): Promise<string> {
    const eventId = this.#post({ type: 'session.share' });
    return (await this.#answers.to(eventId, 'session.shared')).token;
  }

  /** Takes all tokens back and disconnects those who follow; `session.unshared` answers. */
  unshare(): string {
    return this.#post({ type: 'session.unshare' });
  }

  /** Changes settings while the session runs; `session.updated` answers. */
  update(settings: Fields<'session.update'>['settings']): string {
    return this.#post({ type: 'session.update', settings });
  }

  /** Starts the video; `source.opened` or `source.failed` answers. */
  startSource(source: WireSource, options: Omit<Fields<'source.start'>, 'source'> = {}): string {
    return this.#post({ type: 'source.start', source, ...options });
  }

  pauseSource(): string {
    return this.#post({ type: 'source.pause' });
  }

  resumeSource(): string {
    return this.#post({ type: 'source.resume' });
  }

  /** Ends what is pushed: pictures and bytes that were sent are still watched, then the source ends. */
  endSource(): string {
    return this.#post({ type: 'source.end' });
  }

  /** Ends the video; the session stays open. Ends pushed pictures too. */
  stopSource(): string {
    return this.#post({ type: 'source.stop' });
  }

  /**
   * Says something: now, or before the first frame at or after `videoTime` seconds; `user.text.inserted`
   * tells when it was taken in, `user.text.refused` why the model did not take it. While the video is paused and after its end that is at once, and
   * `frame.scored` tells why no response follows, if none does. After the end a text with `videoTime` is
   * refused (`error`, 'invalid_request') until the next source is started.
   */
  say(text: string, videoTime?: number): string {
    return this.#post({
      type: 'user.text',
      text,
      ...(videoTime === undefined ? {} : { video_time: videoTime }),
    });
  }

  /**
   * Adds a question that stands until it is removed, with a threshold of its own if given; `question.added`
   * answers, and `user.text.refused` tells if the model does not take it when its moment comes. Frames and responses name it as `question_id`.
   */
  addQuestion(text: string, options: Omit<Fields<'question.add'>, 'text'> = {}): string {
    return this.#post({ type: 'question.add', text, ...options });
  }

  /** Removes a question, also one that was only said; `question.removed` answers. */
  removeQuestion(questionId: string): string {
    return this.#post({ type: 'question.remove', question_id: questionId });
  }

  /** Asks for the questions that stand; `question.listed` answers. */
  listQuestions(): string {
    return this.#post({ type: 'question.list' });
  }

  /** Ends the reply that is being generated, if there is one. */
  cancel(): string {
    return this.#post({ type: 'response.cancel' });
  }

  /**
   * Pushes one picture of a source of type `pictures`, seen at `videoTime` seconds of a clock of your own
   * (more than the one before). Live pictures do not wait: returns false, and sends nothing, while the
   * connection is away or too much is unsent.
   */
  pushPicture(picture: PushedPicture, videoTime: number): boolean {
    if (!this.#queue.free || this.#link.bufferedBytes > this.#parts.pictureBytesLimit) return false;
    const message =
      picture instanceof Uint8Array
        ? ({ kind: 'encoded', videoTime, bytes: picture } as const)
        : ({
            kind: 'rgb',
            videoTime,
            width: picture.width,
            height: picture.height,
            bytes: picture.rgb,
          } as const);
    this.#link.send(encodePictureMessage(message));
    return true;
  }

  /**
   * Pushes the next bytes of a source of type `container`, such as a chunk of a browser's MediaRecorder, after
   * `source.opened`. Returns false, and sends nothing, while the connection is away or too much is unsent; the
   * recording then has a hole, so start the source and the recorder anew.
   */
  pushBytes(bytes: Uint8Array): boolean {
    if (!this.#queue.free || this.#link.bufferedBytes > containerBytesLimit) return false;
    this.#link.send(encodePictureMessage({ kind: 'container', bytes }));
    return true;
  }

  /** Closes the session and resolves when the server has confirmed it, or the connection is gone. */
  async close(): Promise<void> {
    if (this.#end !== null) return;
    this.#closing = true;
    if (this.#position.sessionId === null || !this.#queue.free) this.dispose();
    else this.#post({ type: 'session.close' });
    await this.#ended;
  }

  /** Drops the connection at once; a session left behind ends by itself after the server's grace period. */
  dispose(): void {
    this.#link.end(null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<ServerMessage> {
    return this.#events.read();
  }

  #post(message: ClientMessage): string {
    if (this.#end !== null) throw this.#end;
    this.#sent += 1;
    const eventId = `c${this.#sent}`;
    this.#queue.post({ ...message, event_id: eventId });
    return eventId;
  }

  #onOpen(): void {
    const { sessionId, seq } = this.#position;
    if (sessionId === null) {
      this.#queue.release();
      return;
    }
    this.#sent += 1;
    this.#resumeId = `c${this.#sent}`;
    const which =
      this.#token === null
        ? ({ type: 'session.resume', session_id: sessionId } as const)
        : ({ type: 'session.follow', token: this.#token } as const);
    const resume: ClientMessage = { ...which, after_seq: seq, event_id: this.#resumeId };
    this.#link.send(JSON.stringify(resume));
  }

  #onText(text: string): void {
    // The server's own schema made this message; a browser need not carry a validator to read it.
    const message = JSON.parse(text) as ServerMessage;
    const { isNew, ack } = this.#position.arrive(message);
    // Only who controls a session acknowledges its events.
    if (ack !== null && this.#token === null)
      this.#link.send(JSON.stringify({ type: 'ack', seq: ack } satisfies ClientMessage));
    if (message.type === 'pong' || !isNew) return;
    this.#events.push(message);
    this.#react(message);
  }

  #react(message: ServerMessage): void {
    this.#answers.hear(message);
    if (message.type === 'session.opened')
      this.#settleOpening((opening) => {
        opening.resolve(message);
      });
    if (message.type === 'session.resumed' || message.type === 'session.following') {
      this.#link.settled();
      this.#queue.release();
    }
    if (message.type === 'session.resumed') this.#goesOnAfter = message.last_seq;
    // One that is older was followed by a reopening.
    if (message.type === 'session.closed' && message.seq > this.#goesOnAfter) this.#link.end(null);
    if (message.type === 'error') this.#refused(message);
  }

  #refused(message: ErrorMessage): void {
    const error = errorFromMessage(message);
    if (message.client_event_id === this.#opening?.eventId)
      this.#settleOpening((opening) => {
        opening.reject(error);
      });
    // A session that cannot be resumed is gone; trying once more would not bring it back.
    if (this.#resumeId !== null && message.client_event_id === this.#resumeId) this.#link.end(error, 1000);
  }

  #settleOpening(settle: (opening: Opening) => void): void {
    if (this.#opening !== null) settle(this.#opening);
    this.#opening = null;
  }

  #onState(state: ConnectionState): void {
    if (state.type !== 'open') this.#queue.hold();
    if (state.type === 'closed') {
      this.#end =
        state.error ?? new DuetClientError('closed', 'The session is closed: connect again for another one');
      const end = this.#end;
      this.#settleOpening((opening) => {
        opening.reject(end);
      });
      this.#answers.end(end);
      this.#events.end(state.error);
      this.#resolveEnded();
    }
    this.#parts.onConnection(state);
  }
}

/** Bytes of a container that may be unsent; at a recorder's usual pace, minutes. */
const containerBytesLimit = 32_000_000;

/** The fields of one kind of client message that a caller chooses. */
export type Fields<Type extends ClientMessage['type']> = Omit<
  Extract<ClientMessage, { type: Type }>,
  'type' | 'event_id'
>;

/** A picture to push: an encoded file (JPEG, PNG, WebP), or raw RGB with its size in pixels. */
export type PushedPicture =
  Uint8Array | { readonly rgb: Uint8Array; readonly width: number; readonly height: number };

/** The first event of a session. */
export type SessionOpened = Extract<WireEvent, { type: 'session.opened' }>;

/** What a client is made of; `connectDuet` fills it in. */
interface DuetClientParts {
  readonly link: Pick<LinkParts, 'openSocket' | 'backOff' | 'heartbeatMs'>;
  readonly bufferLimit: number;
  readonly pictureBytesLimit: number;
  readonly onConnection: (state: ConnectionState) => void;
}

interface Opening {
  readonly eventId: string;
  readonly resolve: (opened: SessionOpened) => void;
  readonly reject: (error: DuetClientError) => void;
}
