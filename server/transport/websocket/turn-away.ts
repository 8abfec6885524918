import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { DuetError } from '../../errors.js';
import { statusOf } from '../http/error-response.js';
import { retryAfter } from '../http/retry-after.js';

/** How long a refused client may take to fetch its answer, in milliseconds. */
const patienceMs = 2000;

/**
 * Answers a request to open a WebSocket with an HTTP error and closes the connection, whether or not the
 * client does.
 */
export function turnAway(stream: Duplex, { code, message, retryAfterMs }: DuetError): void {
  const status = statusOf[code];
  const body = JSON.stringify({ error: { code, message } });
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterMs === null ? [] : [`Retry-After: ${retryAfter(retryAfterMs)}`]),
  ];
  const letGo = (): void => {
    stream.destroy();
  };
  const timer = setTimeout(letGo, patienceMs);
  stream.once('close', () => {
    clearTimeout(timer);
  });
  stream.end(`${headers.join('\r\n')}\r\n\r\n${body}`, letGo);
}
