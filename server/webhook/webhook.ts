import { join } from 'node:path';
import type { SessionEvent } from '../duet/record/events.js';
import type { DuetSession } from '../duet/session.js';
import { DuetError } from '../errors.js';
import { MessageDelivery, pauseAfter, type DeliveryOptions } from './message-delivery.js';
import { MessageQueue, type NewMessage } from './message-queue.js';
import { messagesOf } from './messages-of.js';
import { recordedMessages } from './recorded-messages.js';
import { signingKey } from './signature.js';
import { ToldMarks } from './told-marks.js';

/**
 * Tells a receiver of everything that is said in a server's sessions, by POST as Standard Webhooks has it.
 *
 * - A message is on disk before it is sent, and until the receiver has taken it: neither a receiver that is
 *   down nor the server's own end loses it. One that cannot be kept, as on a full disk, is tried again, and
 *   those behind it wait. What was recorded, but not yet kept, when a server ended, the next one reads from
 *   the record.
 * - It keeps its id however often it is sent, so that a receiver can tell what it has had.
 * - Messages of one question arrive in order; those of others do not wait for them.
 */
export class Webhook implements AsyncDisposable {
  readonly #queue: MessageQueue;
  readonly #marks: ToldMarks;
  readonly #delivery: MessageDelivery;
  readonly #options: WebhookOptions;
  readonly #stop = new AbortController();
  /**
   * What is told of each session, one after another: it may be opened again while its end is not kept yet.
   */
  readonly #telling = new Map<string, Promise<void>>();

  private constructor({ queue, marks, delivery }: Parts, options: WebhookOptions) {
    this.#queue = queue;
    this.#marks = marks;
    this.#delivery = delivery;
    this.#options = options;
  }

  /**
   * Opens the queue in a folder and sends what an earlier server has left there, and in the records. Throws
   * 'invalid_request' for an address or a secret that cannot be one.
   */
  static async open(options: WebhookOptions): Promise<Webhook> {
    const { folder, secret, log, maxMessages = 10_000, maxBytes = 200e6 } = options;
    const url = requireAddress(options.url);
    const key = signingKey(secret);
    const queue = await MessageQueue.open({ folder, maxMessages, maxBytes, log });
    const marks = await ToldMarks.open(join(folder, 'followed'));
    const delivery = new MessageDelivery(queue, { ...options, url, key });
    for (const message of queue.waiting) delivery.add(message);
    const webhook = new Webhook({ queue, marks, delivery }, options);
    for (const { sessionId } of await marks.list())
      webhook.#begin(sessionId, () => webhook.#tellLeft(sessionId));
    return webhook;
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#queue.waiting.length;
  }

  /** Tells of what is said in a session from now on, until it ends. */
  follow(session: FollowedSession): void {
    const after = session.log.lastSeq;
    this.#begin(session.id, () => this.#tell(session, after));
  }

  /** Keeps what was said until now, and stops sending; what waits is sent by the next server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#telling.values());
    await this.#delivery[Symbol.asyncDispose]();
  }

  #begin(sessionId: string, tell: () => Promise<unknown>): void {
    const telling = (this.#telling.get(sessionId) ?? Promise.resolve())
      .then(tell)
      .catch((thrown: unknown) => {
        this.#options.log(`Session ${sessionId} is no longer told to the webhook`, thrown);
      })
      .then(() => {
        if (this.#telling.get(sessionId) === telling) this.#telling.delete(sessionId);
      });
    this.#telling.set(sessionId, telling);
  }

  async #tell(session: FollowedSession, after: number): Promise<void> {
    const sessionId = session.id;
    // A mark that stays behind only lets the next server tell things again, under the same ids.
    const mark = (seq: number): Promise<void> => this.#marks.set({ sessionId, seq }).catch(() => undefined);
    let isWhole = await this.#tellLeft(sessionId, after);
    if (isWhole) await mark(after);
    for await (const { message, seq } of messagesOf(session, after, this.#stop.signal)) {
      isWhole = (await this.#keep(message)) && isWhole;
      if (isWhole) await mark(seq);
    }
    if (isWhole) await this.#marks.remove(sessionId);
  }

  /** Tells from its record what a session said after its mark; returns whether nothing is left of it. */
  async #tellLeft(sessionId: string, upTo = Infinity): Promise<boolean> {
    const seq = (await this.#marks.list()).find((mark) => mark.sessionId === sessionId)?.seq ?? null;
    if (seq === null) return true;
    const known = new Set(this.#queue.waiting.map(({ id }) => id));
    try {
      const events = this.#options.recorded(sessionId);
      for await (const message of recordedMessages(sessionId, events, { after: seq, upTo })) {
        if (!known.has(message.id) && !(await this.#keep(message))) return false;
      }
    } catch (thrown) {
      this.#options.log(`What was said before in session ${sessionId} cannot be told to the webhook`, thrown);
      return false;
    }
    await this.#marks.remove(sessionId);
    return true;
  }

  /** Keeps a message, so that it is sent. Returns whether it could, once it did or the webhook ends. */
  async #keep(message: NewMessage): Promise<boolean> {
    const { log, firstPauseMs, longestPauseMs } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#delivery.add(await this.#queue.put(message));
        return true;
      } catch (thrown) {
        if (attempt === 1) log(`${message.id} cannot be kept for the webhook, and is tried again`, thrown);
      }
      if (this.#stop.signal.aborted) return false;
      await pauseAfter(attempt, { firstPauseMs, longestPauseMs }, this.#stop.signal);
    }
  }
}

type FollowedSession = Pick<DuetSession, 'id' | 'log' | 'pictures' | 'questions' | 'model'>;

interface Parts {
  readonly queue: MessageQueue;
  readonly marks: ToldMarks;
  readonly delivery: MessageDelivery;
}

/** The recorded events of a session, oldest first. */
type Recorded = (sessionId: string) => AsyncIterable<SessionEvent>;

/** Where messages go, and what they are kept in. */
export interface WebhookOptions extends Omit<DeliveryOptions, 'url' | 'key'> {
  readonly url: string;
  /** `whsec_` and the key in base64, as Standard Webhooks has it. */
  readonly secret: string;
  /** Folder of the queue. */
  readonly folder: string;
  readonly recorded: Recorded;
  /** Most messages and bytes that wait; beyond that the oldest are lost. Default 10,000 and 200 MB. */
  readonly maxMessages?: number;
  readonly maxBytes?: number;
}

function requireAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return url;
  const message =
    `webhook is ${JSON.stringify(address)}: expected an address such as https://example.org/duet, ` +
    'without a user name; messages are signed instead';
  throw new DuetError('invalid_request', message);
}
