import { DuetClient } from './duet-client.js';
import type { DuetClientOptions } from './options.js';
import { defaultBackOff } from './reconnecting.js';
import { defaultSocketClass } from './socket-class.js';

/**
 * Connects to a Duet server, in a browser or in Node.
 *
 * ```ts
 * const duet = connectDuet('http://127.0.0.1:8787');
 * await duet.open();
 * duet.startSource({ type: 'sample', name: 'gallery' }, { pacing: 'realtime' });
 * duet.say('Tell me when a cat comes in.');
 * for await (const event of duet) {
 *   if (event.type === 'response.done') console.log(event.video_time, event.text);
 *   if (event.type === 'source.ended') break;
 * }
 * await duet.close();
 * ```
 *
 * @param url address of the server, such as `https://host`, or of its WebSocket, such as `wss://host/v1/duet`
 * @throws DuetClientError 'unsupported' where there is no WebSocket class
 */
export function connectDuet(url: string | URL, options: DuetClientOptions = {}): DuetClient {
  const Socket = options.webSocket ?? defaultSocketClass();
  const address = socketAddress(url);
  const client = new DuetClient({
    link: {
      openSocket: () => {
        const socket = new Socket(address, ['duet.v1', ...(options.protocols ?? [])]);
        socket.binaryType = 'arraybuffer';
        return socket;
      },
      backOff: options.backOff === false ? null : { ...defaultBackOff, ...options.backOff },
      heartbeatMs: options.heartbeatMs ?? 15_000,
    },
    bufferLimit: options.bufferLimit ?? 10_000,
    pictureBytesLimit: options.pictureBytesLimit ?? 1_000_000,
    onConnection: options.onConnection ?? (() => undefined),
  });
  endOnAbort(client, options.signal);
  return client;
}

/** The address of a server alone stands for that of its WebSocket. */
function socketAddress(url: string | URL): string {
  const given = String(url);
  if (!/^https?:/i.test(given) || !URL.canParse(given)) return given;
  const address = new URL(given.replace(/^http/i, 'ws'));
  if (address.pathname === '/') address.pathname = '/v1/duet';
  return address.href;
}

function endOnAbort(client: DuetClient, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) client.dispose();
  signal?.addEventListener('abort', () => {
    client.dispose();
  });
}
