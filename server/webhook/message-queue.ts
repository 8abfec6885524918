import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../make-folder.js';

/**
 * Messages on disk, a file for each, in the order in which they were put there. A message is whole or not
 * there at all. Beyond the limits the oldest is dropped, which is logged.
 */
export class MessageQueue {
  readonly #options: QueueOptions;
  readonly #waiting = new Map<string, QueuedMessage>();
  #number = 0;
  #bytes = 0;
  /** Puts happen one after another, so that their order is that of the files. */
  #putting: Promise<unknown> = Promise.resolve();

  private constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Opens or creates a queue; files that it cannot read are left where they are. */
  static async open(options: QueueOptions): Promise<MessageQueue> {
    const queue = new MessageQueue(options);
    const { folder } = options;
    await makeFolder(folder, 0o700);
    const files = (await readdir(folder)).filter((file) => fileName.test(file)).sort();
    for (const file of files) {
      const message = await readMessage(join(folder, file)).catch(() => null);
      queue.#number = Number.parseInt(file, 10);
      if (message === null) continue;
      const { size, mtimeMs } = await stat(join(folder, file));
      queue.#keep({ file, id: message.id, lane: message.lane, bytes: size, queuedAtMs: mtimeMs });
    }
    return queue;
  }

  /** The messages that wait, the oldest first. */
  get waiting(): readonly QueuedMessage[] {
    return [...this.#waiting.values()];
  }

  /** Keeps a message; resolves once it is on disk. */
  put(message: NewMessage): Promise<QueuedMessage> {
    const put = this.#putting.then(() => this.#put(message));
    this.#putting = put.catch(() => undefined);
    return put;
  }

  /** The body of a message; null once it is gone. */
  async bodyOf({ file }: QueuedMessage): Promise<string | null> {
    if (!this.#waiting.has(file)) return null;
    return readMessage(join(this.#options.folder, file)).then(
      ({ body }) => body,
      () => null,
    );
  }

  /** Forgets a message. */
  async remove({ file, bytes }: QueuedMessage): Promise<void> {
    if (this.#waiting.delete(file)) this.#bytes -= bytes;
    await rm(join(this.#options.folder, file), { force: true });
  }

  async #put({ id, lane, body }: NewMessage): Promise<QueuedMessage> {
    const { folder } = this.#options;
    this.#number += 1;
    const file = `${String(this.#number).padStart(12, '0')}.json`;
    const text = JSON.stringify({ id, lane, body });
    const unfinished = join(folder, 'unfinished');
    await writeFile(unfinished, text, { flush: true, mode: 0o600 });
    await rename(unfinished, join(folder, file));
    const message = { file, id, lane, bytes: Buffer.byteLength(text), queuedAtMs: Date.now() };
    this.#keep(message);
    await this.#makeRoom();
    return message;
  }

  #keep(message: QueuedMessage): void {
    this.#waiting.set(message.file, message);
    this.#bytes += message.bytes;
  }

  async #makeRoom(): Promise<void> {
    const { maxMessages, maxBytes, log } = this.#options;
    for (const message of this.waiting) {
      if (this.#waiting.size <= maxMessages && this.#bytes <= maxBytes) return;
      log(`The queue of the webhook is full: ${message.id} is lost`);
      await this.remove(message);
    }
  }
}

/** A message to be sent. Those of one lane are sent in order. */
export interface NewMessage {
  readonly id: string;
  readonly lane: string;
  readonly body: string;
}

/** A message that is on disk. */
export interface QueuedMessage {
  readonly file: string;
  readonly id: string;
  readonly lane: string;
  readonly bytes: number;
  /** Wall clock. */
  readonly queuedAtMs: number;
}

interface QueueOptions {
  readonly folder: string;
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly log: (message: string) => void;
}

const fileName = /^\d{12}\.json$/;

const messageSchema = z.strictObject({ id: z.string(), lane: z.string(), body: z.string() });

async function readMessage(path: string): Promise<NewMessage> {
  return messageSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}
