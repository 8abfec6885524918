import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request to open a WebSocket is refused. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Seconds after which trying again may help. */
  readonly retryAfterSeconds?: number;
}

/** How long a refused client may take to fetch its answer, in milliseconds. */
const patienceMs = 2000;

/** Answers a request to open a WebSocket with an HTTP error and lets the line go, whether or not the client does. */
export function turnAway(stream: Duplex, { status, message, retryAfterSeconds }: Refusal): void {
  const body = JSON.stringify({ error: { code: STATUS_CODES[status], message } });
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  const letGo = (): void => {
    stream.destroy();
  };
  const timer = setTimeout(letGo, patienceMs);
  stream.once('close', () => {
    clearTimeout(timer);
  });
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `${retry}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    letGo,
  );
}
