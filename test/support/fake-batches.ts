import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { completion, type Answer, type Behaviour } from './fake-judge-answers.js';

const lineSchema = z.object({
  custom_id: z.string(),
  method: z.literal('POST'),
  url: z.literal('/v1/chat/completions'),
  body: z.looseObject({
    model: z.string(),
    messages: z.array(z.object({ role: z.string(), content: z.string() })),
  }),
});

interface Batch {
  readonly id: string;
  readonly input_file_id: string;
  readonly metadata: Record<string, string> | null;
  status: string;
  output_file_id: string | null;
  error_file_id: string | null;
  readonly request_counts: { total: number; completed: number; failed: number };
}

/** The files and batches of the fake endpoint. A batch is done when `finish` is called. */
export class FakeBatches {
  readonly files = new Map<string, string>();
  readonly batches: Batch[] = [];
  /**
   * How many of the next requests to create a batch are answered only after the batch was made, by hanging
   * up.
   */
  hangUpsAfterCreating = 0;
  readonly #behaviour: Behaviour;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /** Works a batch off: replies go to the output file, refusals to the error file. */
  async finish(id: string, status = 'completed'): Promise<void> {
    const batch = this.batches.find((each) => each.id === id);
    if (batch === undefined) throw new Error(`no batch ${id}`);
    const output: string[] = [];
    const errors: string[] = [];
    const lines = (this.files.get(batch.input_file_id) ?? '').trim().split('\n');
    for (const [number, line] of lines.entries()) {
      const { custom_id, body } = lineSchema.parse(JSON.parse(line));
      const answer = await this.#behaviour(body, number);
      if (answer.type === 'reply') {
        output.push(
          JSON.stringify({
            id: `r${number}`,
            custom_id,
            response: { status_code: 200, body: completion(answer.text, answer.finish) },
            error: null,
          }),
        );
      } else
        errors.push(
          JSON.stringify({
            id: `r${number}`,
            custom_id,
            response: responseTo(answer),
            error: { code: 'x', message: 'failed' },
          }),
        );
    }
    batch.status = status;
    // Batches do not keep the order of their requests.
    batch.output_file_id = output.length === 0 ? null : this.#add(`${output.toReversed().join('\n')}\n`);
    batch.error_file_id = errors.length === 0 ? null : this.#add(`${errors.join('\n')}\n`);
    Object.assign(batch.request_counts, {
      completed: output.length,
      failed: errors.length,
      total: lines.length,
    });
  }

  /** Answers a request for a file or a batch. */
  async handle(
    request: IncomingMessage,
    path: string,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const { method } = request;
    const send = (value: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const content = /^\/files\/([^/]+)\/content$/.exec(path)?.[1];
    const batchId = /^\/batches\/([^/?]+)$/.exec(path)?.[1];
    if (method === 'POST' && path === '/files') {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData();
      const file = form.get('file');
      if (!(file instanceof File) || form.get('purpose') !== 'batch') throw new Error('no file for a batch');
      send({ id: this.#add(await file.text()), object: 'file', purpose: 'batch', filename: file.name });
    } else if (method === 'GET' && content !== undefined) {
      response
        .writeHead(200, { 'content-type': 'application/octet-stream' })
        .end(this.files.get(content) ?? '');
    } else if (method === 'POST' && path === '/batches') {
      const made = this.#create(body);
      if (this.hangUpsAfterCreating > 0) {
        this.hangUpsAfterCreating -= 1;
        response.destroy();
      } else send(made);
    } else if (method === 'GET' && batchId !== undefined) {
      const found = this.batches.find((each) => each.id === batchId);
      if (found === undefined)
        response
          .writeHead(404, { 'content-type': 'application/json' })
          .end('{"error":{"message":"no such batch"}}');
      else send(found);
    } else if (method === 'GET' && path.startsWith('/batches')) {
      send({ object: 'list', data: this.batches.toReversed(), has_more: false });
    } else throw new Error(`unexpected ${method ?? ''} ${path}`);
  }

  #create(body: Buffer): Batch {
    const { input_file_id, metadata } = z
      .object({
        input_file_id: z.string(),
        endpoint: z.literal('/v1/chat/completions'),
        completion_window: z.literal('24h'),
        metadata: z.record(z.string(), z.string()).optional(),
      })
      .parse(JSON.parse(body.toString('utf8')));
    const batch: Batch = {
      id: `batch_${this.batches.length + 1}`,
      input_file_id,
      metadata: metadata ?? null,
      status: 'in_progress',
      output_file_id: null,
      error_file_id: null,
      request_counts: { total: 0, completed: 0, failed: 0 },
    };
    this.batches.push(batch);
    return batch;
  }

  #add(text: string): string {
    const id = `file-${this.files.size + 1}`;
    this.files.set(id, text);
    return id;
  }
}

function responseTo(answer: Answer): { readonly status_code: number; readonly body: unknown } {
  if (answer.type !== 'raw') return { status_code: 500, body: {} };
  return { status_code: answer.status ?? 200, body: JSON.parse(answer.body) };
}
