// Kept in the declarations: without it programs whose own `lib` is older do not know AsyncDisposable.
/// <reference lib="esnext.disposable" preserve="true" />
import { encodePictureMessage } from '../../server/protocol/picture-message.js';
import type { AnswerOf } from './answers.js';
import type { ClientMessage, ServerMessage, WireSource } from './protocol.js';
import { SessionLine, type SessionLineParts } from './session-line.js';

/**
 * One session on a Duet server.
 *
 * - `for await (const event of client)` yields every message of the server but `pong`, in order, none twice,
 *   also across lost connections. It ends when the session is closed and throws `DuetClientError` when it is
 *   lost for good: 'connection_lost' when the server stays away, 'not_found' when it is back and no longer
 *   has the session, as after a restart without records.
 * - A server that stops says so (`session.closed`, reason 'server_shutdown'), and is waited for like one that
 *   was lost; once it is back, `session.reopened` tells how long it was away.
 * - A lost connection is taken up again with back-off and the session resumed where it was; messages sent
 *   meanwhile wait. What was sent in the very moment of the loss may be lost: its event (`user.text.inserted`
 *   …) tells that it arrived.
 * - Methods that send return the message's `event_id`; events and errors name it as `client_event_id`.
 */
export class DuetClient implements AsyncIterable<ServerMessage>, AsyncDisposable {
  readonly #line: SessionLine;
  readonly #pictureBytesLimit: number;

  constructor({ pictureBytesLimit, ...line }: DuetClientParts) {
    this.#line = new SessionLine(line);
    this.#pictureBytesLimit = pictureBytesLimit;
  }

  /** Identifier of the session; null before `open` has resolved. */
  get sessionId(): string | null {
    return this.#line.sessionId;
  }

  /** Opens the session. Rejects with the server's refusal, or when no connection comes about. */
  open(fields: Fields<'session.open'> = {}): Promise<SessionOpened> {
    return this.#line.ask({ type: 'session.open', ...fields }, 'session.opened');
  }

  /**
   * Goes on with a session of an earlier client, as after a reload; also where the server was restarted, if
   * it keeps records. The events after `afterSeq` come next; default: after the last that was acknowledged.
   */
  resume(sessionId: string, afterSeq?: number): Promise<AnswerOf<'session.resumed'>> {
    const after = afterSeq === undefined ? {} : { after_seq: afterSeq };
    return this.#line.ask({ type: 'session.resume', session_id: sessionId, ...after }, 'session.resumed');
  }

  /**
   * Follows a session that somebody else controls, with a token of {@link share}. The answer brings what was
   * said last; events come from `afterSeq` on (0: from the beginning; default: from now on). Whatever would
   * change the session is refused.
   */
  follow(token: string, afterSeq?: number): Promise<AnswerOf<'session.following'>> {
    const after = afterSeq === undefined ? {} : { after_seq: afterSeq };
    return this.#line.ask({ type: 'session.follow', token, ...after }, 'session.following');
  }

  /** Resolves with a token with which anybody may {@link follow} the session, and do nothing else. */
  async share(): Promise<string> {
    return (await this.#line.ask({ type: 'session.share' }, 'session.shared')).token;
  }

  /** Takes all tokens back and disconnects those who follow; `session.unshared` answers. */
  unshare(): string {
    return this.#line.post({ type: 'session.unshare' });
  }

  /** Changes settings while the session runs; `session.updated` answers. */
  update(settings: Fields<'session.update'>['settings']): string {
    return this.#line.post({ type: 'session.update', settings });
  }

  /** Starts the video; `source.opened` or `source.failed` answers. */
  startSource(source: WireSource, options: Omit<Fields<'source.start'>, 'source'> = {}): string {
    return this.#line.post({ type: 'source.start', source, ...options });
  }

  pauseSource(): string {
    return this.#line.post({ type: 'source.pause' });
  }

  resumeSource(): string {
    return this.#line.post({ type: 'source.resume' });
  }

  /** Ends what is pushed: pictures and bytes that were sent are still watched, then the source ends. */
  endSource(): string {
    return this.#line.post({ type: 'source.end' });
  }

  /** Ends the video; the session stays open. Ends pushed pictures too. */
  stopSource(): string {
    return this.#line.post({ type: 'source.stop' });
  }

  /**
   * Says something: now, or before the first frame at or after `videoTime` seconds; `user.text.inserted`
   * tells when it was taken in, `user.text.refused` why the model did not take it. While the video is paused
   * and after its end that is at once, and `frame.scored` tells why no response follows, if none does. After
   * the end a text with `videoTime` is refused (`error`, 'invalid_request') until the next source is started.
   */
  say(text: string, videoTime?: number): string {
    return this.#line.post({
      type: 'user.text',
      text,
      ...(videoTime === undefined ? {} : { video_time: videoTime }),
    });
  }

  /**
   * Adds a question that stands until it is removed, with a threshold of its own if given; `question.added`
   * answers, and `user.text.refused` tells if the model does not take it when its moment comes. Frames and
   * responses name it as `question_id`.
   */
  addQuestion(text: string, options: Omit<Fields<'question.add'>, 'text'> = {}): string {
    return this.#line.post({ type: 'question.add', text, ...options });
  }

  /** Removes a question, also one that was only said; `question.removed` answers. */
  removeQuestion(questionId: string): string {
    return this.#line.post({ type: 'question.remove', question_id: questionId });
  }

  /** Asks for the questions that stand; `question.listed` answers. */
  listQuestions(): string {
    return this.#line.post({ type: 'question.list' });
  }

  /** Ends the reply that is being generated, if there is one. */
  cancel(): string {
    return this.#line.post({ type: 'response.cancel' });
  }

  /**
   * Pushes one picture of a source of type `pictures`, seen at `videoTime` seconds of a clock of your own
   * (more than the one before). Live pictures do not wait: returns false, and sends nothing, while the
   * connection is away or too much is unsent.
   */
  pushPicture(picture: PushedPicture, videoTime: number): boolean {
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
    return this.#line.push(encodePictureMessage(message), this.#pictureBytesLimit);
  }

  /**
   * Pushes the next bytes of a source of type `container`, such as a chunk of a browser's MediaRecorder,
   * after `source.opened`. Returns false, and sends nothing, while the connection is away or too much is
   * unsent; the recording then has a hole, so start the source and the recorder anew.
   */
  pushBytes(bytes: Uint8Array): boolean {
    return this.#line.push(encodePictureMessage({ kind: 'container', bytes }), containerBytesLimit);
  }

  /**
   * How long the session goes on once this client has gone with {@link dispose}, or was lost; default: as
   * long as the server allows. Whoever knows its id may {@link resume} it.
   */
  keep(seconds?: number): string {
    return this.#line.post({ type: 'session.keep', ...(seconds !== undefined && { seconds }) });
  }

  /** Closes the session and resolves when the server has confirmed it, or the connection is gone. */
  close(): Promise<void> {
    return this.#line.close();
  }

  /** Drops the connection at once; a session left behind ends by itself after the server's grace period. */
  dispose(): void {
    this.#line.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<ServerMessage> {
    return this.#line.read();
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
export type SessionOpened = AnswerOf<'session.opened'>;

/** What a client is made of; `connectDuet` fills it in. */
interface DuetClientParts extends SessionLineParts {
  readonly pictureBytesLimit: number;
}
