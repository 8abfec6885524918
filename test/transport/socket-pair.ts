import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from 'ws';

/** Both ends of one WebSocket. */
export interface SocketPair {
  /** The server's end. */
  readonly server: WebSocket;
  readonly client: WebSocket;
}

/** Connects two sockets over the loopback network; closed when the test ends. */
export async function socketPair(
  options: { server?: ServerOptions; client?: ClientOptions } = {},
): Promise<SocketPair> {
  const listening = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options.server });
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, options.client);
  const [[server]] = (await Promise.all([once(listening, 'connection'), once(client, 'open')])) as [
    [WebSocket],
    unknown,
  ];
  onTestFinished(() => {
    server.terminate();
    client.terminate();
    listening.close();
  });
  return { server, client };
}

/** The messages that arrive at a socket from now on, parsed. */
export function received(socket: WebSocket): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
  });
  return messages;
}
