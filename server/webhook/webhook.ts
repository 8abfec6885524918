import { join } from 'node:path';
import type { SessionEvent } from '../duet/record/events.js';
import type { DuetSession } from '../duet/session.js';
import { DuetError } from '../errors.js';
import { MessageDelivery, type DeliveryOptions } from './message-delivery.js';
import { MessageQueue, type NewMessage } from './message-queue.js';
import { messagesOf } from './messages-of.js';
import { recordedMessages } from './recorded-messages.js';
import { signingKey } from './signature.js';
import { ToldMarks } from './told-marks.js';

/**
 * Tells a receiver of everything that is said in a server's sessions, by POST as Standard Webhooks has it.
 *
 * - A message is on disk before it is sent, and until the receiver has taken it: neither a receiver that is down
 *   nor the server's own end loses it. What was recorded, but not yet kept, when a server was killed, the next one
 *   reads from the record.
 * - It keeps its id however often it is sent, so that a receiver can tell what it has had.
 * - Messages of one question arrive in order; those of others do not wait for them.
 */
export class Webhook implements AsyncDisposable {
  readonly #queue: MessageQueue;
  readonly #marks: ToldMarks;
  readonly #delivery: MessageDelivery;
  readonly #log: DeliveryOptions['log'];
  readonly #stop = new AbortController();
  readonly #following = new Set<Promise<void>>();

  private constructor({ queue, marks, delivery, log }: Parts) {
    this.#queue = queue;
    this.#marks = marks;
    this.#delivery = delivery;
    this.#log = log;
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
    await keepUntold({ queue, marks, log }, options.recorded);
    const delivery = new MessageDelivery(queue, { ...options, url, key });
    for (const message of queue.waiting) delivery.add(message);
    return new Webhook({ queue, marks, delivery, log });
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#queue.waiting.length;
  }

  /** Tells of what is said in a session from now on, until it ends. */
  follow(session: Pick<DuetSession, 'id' | 'log' | 'pictures' | 'questions' | 'model'>): void {
    const following = this.#tell(session)
      .catch((thrown: unknown) => {
        this.#log(`Session ${session.id} is no longer told to the webhook`, thrown);
      })
      .finally(() => this.#following.delete(following));
    this.#following.add(following);
  }

  /** Keeps what was said until now, and stops sending; what waits is sent by the next server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#following);
    await this.#delivery[Symbol.asyncDispose]();
  }

  async #tell(session: Parameters<Webhook['follow']>[0]): Promise<void> {
    const sessionId = session.id;
    const after = session.log.lastSeq;
    // A mark that stays behind only lets the next server tell things again, under the same ids.
    const mark = (seq: number): Promise<void> => this.#marks.set({ sessionId, seq }).catch(() => undefined);
    await mark(after);
    let isWhole = true;
    for await (const { message, seq } of messagesOf(session, after, this.#stop.signal)) {
      const isKept = await this.#keep(message);
      isWhole = isWhole && isKept;
      if (isWhole) await mark(seq);
    }
    if (isWhole) await this.#marks.remove(sessionId);
  }

  /** Whether a message could be kept, so that it is sent; one that could not is left to the next server. */
  async #keep(message: NewMessage): Promise<boolean> {
    try {
      this.#delivery.add(await this.#queue.put(message));
      return true;
    } catch (thrown) {
      this.#log(`${message.id} cannot be kept for the webhook, which is told of it after a restart`, thrown);
      return false;
    }
  }
}

/** Keeps what was said in sessions that an earlier server could not tell to their end. */
async function keepUntold({ queue, marks, log }: Omit<Parts, 'delivery'>, recorded: Recorded): Promise<void> {
  const known = new Set(queue.waiting.map(({ id }) => id));
  for (const { sessionId, seq } of await marks.list()) {
    try {
      for await (const message of recordedMessages(sessionId, recorded(sessionId), seq)) {
        if (!known.has(message.id)) await queue.put(message);
      }
      await marks.remove(sessionId);
    } catch (thrown) {
      log(
        `What was said in session ${sessionId} before the server ended cannot be told to the webhook`,
        thrown,
      );
    }
  }
}

interface Parts {
  readonly queue: MessageQueue;
  readonly marks: ToldMarks;
  readonly delivery: MessageDelivery;
  readonly log: DeliveryOptions['log'];
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
