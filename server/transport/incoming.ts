import { on } from 'node:events';
import type { RawData, WebSocket } from 'ws';

/** One message of a client, whole. */
export interface IncomingMessage {
  readonly bytes: Uint8Array;
  readonly isBinary: boolean;
}

/** Messages that may wait; past it the socket is not read until fewer than a quarter wait. */
const waitingLimit = 16;

/** A client's messages in order, until the socket closes. A client faster than its reader is held back by TCP. */
export async function* incomingMessages(socket: WebSocket): AsyncGenerator<IncomingMessage, void> {
  const bounds = { highWaterMark: waitingLimit, lowWaterMark: waitingLimit / 4 };
  for await (const [data, isBinary] of on(socket, 'message', { close: ['close'], ...bounds })) {
    yield { bytes: toBytes(data as RawData), isBinary: isBinary === true };
  }
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
