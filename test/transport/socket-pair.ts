import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer, type ClientOptions, type ServerOptions } from 'ws';

/** Both ends of one WebSocket. */
export interface SocketPair {
  /** The end that the server holds. */
  readonly server: WebSocket;
  readonly client: WebSocket;
}

/** Connects two sockets over the network of this machine; they are gone when the test has finished. */
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

/** What arrives at a socket from now on, parsed. */
export function received(socket: WebSocket): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
  });
  return messages;
}
