import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { onTestFinished } from 'vitest';

export const secret = `whsec_${Buffer.from('a secret of twenty-eight bytes').toString('base64')}`;

/** A message as the receiver had it, checked by the official library of Standard Webhooks. */
export interface Received {
  readonly id: string;
  readonly timestamp: string;
  readonly body: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
}

/** A receiver of webhooks on this machine, which can be down. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it answers with; the default takes everything. */
  answer: (message: Received) => { status: number; headers?: Readonly<Record<string, string>> } = () => ({
    status: 204,
  });
  #server: Server | null = null;
  #port = 0;

  static async open(port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#port = port;
    await receiver.up();
    onTestFinished(() => receiver.down());
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/duet`;
  }

  /** Takes messages at the port that it has had before. */
  async up(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (bytes: Buffer) => (body += bytes.toString()));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        const verified = new StandardWebhook(secret).verify(body, headers) as Received['body'];
        const id = headers['webhook-id'] ?? '';
        const message = { id, timestamp: headers['webhook-timestamp'] ?? '', body: verified };
        const answer = this.answer(message);
        if (answer.status < 300) this.received.push(message);
        response.writeHead(answer.status, answer.headers).end();
      });
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Resolves once it has taken so many messages. */
  async has(count: number): Promise<void> {
    for (let attempt = 0; attempt < 3000 && this.received.length < count; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (this.received.length < count) throw new Error(`has ${this.received.length} of ${count} messages`);
  }
}
