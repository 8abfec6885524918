import { DuetClientError } from './client-error.js';
import { DuetClient } from './duet-client.js';
import type { DuetClientOptions, SocketConstructor } from './options.js';
import { defaultBackOff } from './reconnecting.js';

/**
 * Connects to a Duet server, in a browser or in Node.
 *
 * ```ts
 * const duet = connectDuet('ws://127.0.0.1:8787/v1/duet');
 * await duet.open({ settings: { policy: { type: 'threshold', threshold: 0.4 } } });
 * duet.startSource({ type: 'sample', name: 'kitchen' }, { pacing: 'realtime' });
 * duet.say('Tell me when something new appears.');
 * for await (const event of duet) {
 *   if (event.type === 'response.done') console.log(event.video_time, event.text);
 *   if (event.type === 'source.ended') break;
 * }
 * await duet.close();
 * ```
 *
 * @param url address of the WebSocket, such as `wss://host/v1/duet`
 * @throws DuetClientError 'unsupported' where there is no WebSocket class
 */
export function connectDuet(url: string | URL, options: DuetClientOptions = {}): DuetClient {
  const Socket = options.webSocket ?? globalSocket();
  const client = new DuetClient({
    link: {
      openSocket: () => {
        const socket = new Socket(String(url), ['duet.v1', ...(options.protocols ?? [])]);
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

function globalSocket(): SocketConstructor {
  // Node 20 has no WebSocket, whatever the types of newer releases say.
  if ('WebSocket' in globalThis) return globalThis.WebSocket;
  throw new DuetClientError(
    'unsupported',
    'This JavaScript engine has no WebSocket: pass one, such as { webSocket: WebSocket } of the package "ws"',
  );
}

function endOnAbort(client: DuetClient, signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) client.dispose();
  signal?.addEventListener('abort', () => {
    client.dispose();
  });
}
