import { DuetError } from '../../../errors.js';
import type { GatewayParts, Opened } from './gateway.js';
import type { HttpAnswer } from './http/http-get.js';
import { LookAheadBody } from './http/look-ahead-body.js';
import { maxSpoolBytes, Spool } from './spool.js';

/**
 * Makes the bytes of a video readable: as they arrive, or from a copy, for an MP4 with its index at the end
 * on a server without range support.
 *
 * @param head its first bytes.
 * @throws DuetError 'source_failed' for such an MP4 that is too large to copy.
 */
export async function readableMedia(
  opened: Opened,
  { name, head, fetch, signal }: Pick<GatewayParts, 'name' | 'fetch'> & { head: Buffer; signal: AbortSignal },
): Promise<ReadableMedia> {
  const { answer, body } = opened;
  if (answer.status === 206 || indexLiesAtTheEnd(head) !== true) {
    return { opened, fetch, owned: [], live: !isKept(answer) && (await comesSlowly(body)) };
  }
  const spool =
    (lengthOf(answer) ?? 0) > maxSpoolBytes ? undefined : await Spool.fill(answer.url, body, signal);
  if (spool === undefined) throw unreadable(name);
  const fromSpool = (range?: string): Opened => {
    const part = spool.answer(range);
    return { answer: part, body: new LookAheadBody(part.body) };
  };
  return {
    opened: fromSpool(),
    fetch: (_target, range) => Promise.resolve(fromSpool(range)),
    owned: [spool],
    live: false,
  };
}

/** A video's bytes as ffmpeg can read them, and whether they keep coming. */
interface ReadableMedia extends Pick<GatewayParts, 'fetch' | 'owned'> {
  readonly opened: Opened;
  readonly live: boolean;
}

function unreadable(name: string): DuetError {
  return new DuetError(
    'source_failed',
    `${name} cannot be read from this server: its index is at the end, and the ` +
      'server does not support Range requests; ' +
      'download it first, or write it with -movflags +faststart, which puts the index in front',
  );
}

/**
 * Whether an MP4 has its index (`moov`) after its pictures (`mdat`), so that reading it requires seeking.
 *
 * @param head its first bytes.
 * @returns null when the bytes are not an MP4's, or too few to tell.
 */
function indexLiesAtTheEnd(head: Buffer): boolean | null {
  let at = 0;
  for (let box = 0; at + 8 <= head.length; box += 1) {
    const type = head.toString('latin1', at + 4, at + 8);
    if (box === 0 && type !== 'ftyp') return null;
    if (type === 'moov' || type === 'moof') return false;
    if (type === 'mdat') return true;
    const short = head.readUInt32BE(at);
    if (short === 1 && at + 16 > head.length) return null;
    const size = short === 1 ? Number(head.readBigUInt64BE(at + 8)) : short;
    if (size < 8) return null;
    at += size;
  }
  return null;
}

/** Total length of the body in bytes, if the server states it. */
function lengthOf({ status, headers }: HttpAnswer): number | null {
  const total =
    status === 206 ? /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] : headers['content-length'];
  return total === undefined ? null : Number(total);
}

/** Whether the server has the whole file: it knows its length or version, or supports ranges. */
function isKept(answer: HttpAnswer): boolean {
  const { headers, status } = answer;
  return (
    lengthOf(answer) !== null ||
    status === 206 ||
    headers['accept-ranges'] === 'bytes' ||
    headers.etag !== undefined ||
    headers['last-modified'] !== undefined
  );
}

/**
 * A server sends at least this many bytes of a recording within {@link paceMs}; a live stream comes more
 * slowly.
 */
const burstBytes = 1024 ** 2;
const paceMs = 1000;

/**
 * Without a length only the pace tells whether a response is live. When in doubt it counts as a recording, so
 * nothing is dropped.
 */
async function comesSlowly(body: LookAheadBody): Promise<boolean> {
  const come = await body.lookAhead(burstBytes, paceMs);
  return !body.ended && come.length < burstBytes;
}
