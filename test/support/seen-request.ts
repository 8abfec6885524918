import type { IncomingMessage } from 'node:http';
import sharp from 'sharp';

/** Reads a request, after others that had come. */
export async function readRequest(
  incoming: IncomingMessage,
  before: readonly SeenRequest[],
): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RequestBody;
  const found = { pictures: [] as Buffer[], texts: [] as string[] };
  collect([body['state'] ?? body['input'] ?? body['messages'], body['images'] ?? []], found);
  for (const { data_base64 } of Object.values(body.assets ?? {})) {
    found.pictures.push(Buffer.from(data_base64, 'base64'));
  }
  const isProbe = found.texts.some((text) => text.includes('the picture is all red'));
  const number = isProbe ? 0 : 1 + before.filter((request) => !request.isProbe).length;
  return {
    ...{
      number,
      isProbe,
      path: incoming.url ?? '',
      body,
      ...found,
      authorization: incoming.headers.authorization,
    },
    newestColour: await colourOf(found.pictures.at(-1)),
  };
}

/** A request as the engine has seen it. */
export interface SeenRequest {
  /** Counts those of sessions from 1; 0 for one of the probe. */
  readonly number: number;
  readonly isProbe: boolean;
  readonly path: string;
  readonly body: RequestBody;
  /** The bytes of its pictures, in order. */
  readonly pictures: readonly Buffer[];
  /** Whether its newest picture is red or blue; null for another, or none. */
  readonly newestColour: 'red' | 'blue' | null;
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

async function colourOf(jpeg: Buffer | undefined): Promise<SeenRequest['newestColour']> {
  if (jpeg === undefined) return null;
  const { channels } = await sharp(jpeg).stats();
  const [red = 0, green = 0, blue = 0] = channels.map(({ mean }) => mean);
  if (red > 2 * Math.max(green, blue)) return 'red';
  return blue > 2 * Math.max(red, green) ? 'blue' : null;
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
