/**
 * Fires broken and odd HTTP requests at a server: encodings and traversal in paths, ranges, methods, headers,
 * multipart bodies broken in every way, upload ids. Counts the statuses, the answers of status 500, and the
 * requests that were neither answered nor closed within ten seconds.
 *
 *   duet serve --port 8787 &
 *   npx tsx test/fuzz/http-requests.ts http://127.0.0.1:8787 [requests = 20000] [seed = 1]
 */
import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { randomRequest } from './random-request.js';
import { Dice } from './dice.js';

const hangMs = 10_000;
const silenceMs = 500;
const atOnce = 32;

/** What came of the requests. */
export interface FuzzReport {
  /** How often each status came; 0 is a connection closed without one. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests answered with 500, and requests that hung, as text. */
  readonly internal: readonly string[];
  readonly hung: readonly string[];
}

/** Sends so many requests, the same for the same seed, a few at a time. */
export async function fuzzHttp(url: string, requests: number, seed: number): Promise<FuzzReport> {
  const dice = new Dice(seed);
  const statuses: Record<string, number> = {};
  const [internal, hung]: [string[], string[]] = [[], []];
  const known: string[] = [];
  let left = requests;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const request = randomRequest(dice, known);
      const answer = await send(url, request);
      const text = request.toString('latin1').slice(0, 2000);
      if (answer === null) hung.push(text);
      const status = /^HTTP\/1\.[01] (?:100 [^]*?HTTP\/1\.[01] )?(\d{3})/.exec(answer ?? '')?.[1] ?? '0';
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === '500') internal.push(text);
      const id = /"upload_id":"([^"]+)"/.exec(answer ?? '')?.[1];
      if (id !== undefined) known.push(id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { statuses, internal, hung };
}

/**
 * Sends bytes and collects what comes back; null when the server neither answers nor closes. Where it waits
 * for more, or keeps the connection, the sending side is closed after a moment of silence.
 */
function send(url: string, bytes: Buffer): Promise<string | null> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const giveUp = setTimeout(() => {
      socket.destroy();
      resolve(received === '' ? null : received);
    }, hangMs);
    let silence = setTimeout(() => socket.end(), silenceMs);
    socket.on('data', (data) => {
      clearTimeout(silence);
      silence = setTimeout(() => socket.end(), silenceMs);
      // Videos may be long; their beginning is enough.
      received = (received + data.toString('latin1')).slice(0, 4000);
    });
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(giveUp);
      clearTimeout(silence);
      resolve(received);
    });
    socket.write(bytes);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , url = 'http://127.0.0.1:8787', requests = '20000', seed = '1'] = process.argv;
  const { statuses, internal, hung } = await fuzzHttp(url, Number(requests), Number(seed));
  process.stdout.write(`${JSON.stringify({ statuses, internal: internal.length, hung: hung.length })}\n`);
  for (const text of [...internal, ...hung].slice(0, 5)) process.stdout.write(`${JSON.stringify(text)}\n`);
  process.exitCode = internal.length + hung.length > 0 ? 1 : 0;
}
