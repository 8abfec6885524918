import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What became of a post: a status, no answer at all, or a connection that breaks. */
type Outcome = number | 'silence' | 'break';

/** The side of YouTube that takes captions by HTTP, with the failures that a test asks for. */
export class CaptionReceiver {
  readonly posts: { readonly path: string; readonly type: string | undefined; readonly body: string }[] = [];
  /** What becomes of the next posts; those beyond are taken. */
  readonly outcomes: Outcome[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        this.posts.push({
          path: `${request.method} ${request.url}`,
          type: request.headers['content-type'],
          body,
        });
        const outcome = this.outcomes.shift() ?? 200;
        if (outcome === 'break') response.destroy();
        else if (outcome !== 'silence') response.writeHead(outcome).end(new Date().toISOString());
      });
    });
    onTestFinished(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  static async start(): Promise<CaptionReceiver> {
    const receiver = new CaptionReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  /** As YouTube gives it: with the key of the stream in it. */
  get address(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}/closedcaption?cid=secret-key`;
  }

  /** The numbers of the posts. */
  get seqs(): readonly (string | null)[] {
    return this.posts.map(({ path }) => /[?&]seq=(\d+)/.exec(path)?.[1] ?? null);
  }
}
