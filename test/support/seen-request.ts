import type { IncomingMessage } from 'node:http';

/** Reads a request; `number` counts them from 0. */
export async function readRequest(incoming: IncomingMessage, number: number): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RequestBody;
  const found = { pictures: [] as Buffer[], texts: [] as string[] };
  collect(body['state'] ?? body['input'] ?? body['messages'], found);
  for (const { data_base64 } of Object.values(body.assets ?? {})) {
    found.pictures.push(Buffer.from(data_base64, 'base64'));
  }
  return { number, path: incoming.url ?? '', body, ...found, authorization: incoming.headers.authorization };
}

/** A request as the engine has seen it. */
export interface SeenRequest {
  readonly number: number;
  readonly path: string;
  readonly body: RequestBody;
  /** The bytes of its pictures, in order. */
  readonly pictures: readonly Buffer[];
  /** All of its texts, in order. */
  readonly texts: readonly string[];
  readonly authorization: string | undefined;
}

interface RequestBody {
  readonly [key: string]: unknown;
  readonly stream?: boolean;
  readonly max_tokens?: number;
  readonly logprobs?: boolean;
  readonly questions?: unknown;
  readonly assets?: Readonly<Record<string, { readonly data_base64: string }>>;
}

/** Finds texts and pictures wherever they are in a request. */
function collect(value: unknown, found: { pictures: Buffer[]; texts: string[] }): void {
  if (typeof value === 'string') {
    const jpeg = /^data:image\/jpeg;base64,(.*)$/s.exec(value)?.[1];
    if (jpeg === undefined) found.texts.push(value);
    else found.pictures.push(Buffer.from(jpeg, 'base64'));
  } else if (Array.isArray(value)) for (const each of value) collect(each, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value))
      if (key !== 'type' && key !== 'role') collect(each, found);
  }
}
