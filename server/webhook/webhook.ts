import type { DuetSession } from '../duet/session.js';
import { DuetError } from '../errors.js';
import { MessageDelivery, type DeliveryOptions } from './message-delivery.js';
import { MessageQueue } from './message-queue.js';
import { messagesOf } from './messages-of.js';
import { signingKey } from './signature.js';

/**
 * Tells a receiver of everything that is said in a server's sessions, by POST as Standard Webhooks has it.
 *
 * - A message is on disk before it is sent, and until the receiver has taken it: neither a receiver that is down
 *   nor the server's own end loses it.
 * - It keeps its id however often it is sent, so that a receiver can tell what it has had.
 * - Messages of one question arrive in order; those of others do not wait for them.
 */
export class Webhook implements AsyncDisposable {
  readonly #queue: MessageQueue;
  readonly #delivery: MessageDelivery;
  readonly #log: DeliveryOptions['log'];
  readonly #stop = new AbortController();
  readonly #following = new Set<Promise<void>>();

  private constructor(queue: MessageQueue, delivery: MessageDelivery, log: DeliveryOptions['log']) {
    this.#queue = queue;
    this.#delivery = delivery;
    this.#log = log;
  }

  /**
   * Opens the queue in a folder and sends what an earlier server has left there. Throws 'invalid_request' for an
   * address or a secret that cannot be one.
   */
  static async open(options: WebhookOptions): Promise<Webhook> {
    const { folder, secret, log, maxMessages = 10_000, maxBytes = 200e6 } = options;
    const url = requireAddress(options.url);
    const key = signingKey(secret);
    const queue = await MessageQueue.open({ folder, maxMessages, maxBytes, log });
    const delivery = new MessageDelivery(queue, { ...options, url, key });
    for (const message of queue.waiting) delivery.add(message);
    return new Webhook(queue, delivery, log);
  }

  /** How many messages wait. */
  get waiting(): number {
    return this.#queue.waiting.length;
  }

  /** Tells of what is said in a session from now on, until it ends. */
  follow(session: Pick<DuetSession, 'id' | 'log' | 'pictures' | 'questions' | 'model'>): void {
    const following = this.#tell(session)
      .catch((thrown: unknown) => {
        this.#log('A reply could not be kept for the webhook', thrown);
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
    for await (const { id, lane, body } of messagesOf(session, this.#stop.signal)) {
      this.#delivery.add(await this.#queue.put({ id, lane, body }));
    }
  }
}

/** Where messages go, and what they are kept in. */
export interface WebhookOptions extends Omit<DeliveryOptions, 'url' | 'key'> {
  readonly url: string;
  /** `whsec_` and the key in base64, as Standard Webhooks has it. */
  readonly secret: string;
  /** Folder of the queue. */
  readonly folder: string;
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
