import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Whether a request offers another protocol than WebSocket, as Java's HTTP client and `curl --http2` offer
 * h2c with every request. A server may pass such an offer over (RFC 9110, 7.8).
 */
export function offersOtherProtocol(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() !== 'websocket';
}

/**
 * Answers a request as if it had offered nothing, and closes its connection. Node has let go of the
 * connection by then, so a body could not be read: a request with one is not answered here.
 *
 * @returns whether it is answered.
 */
export function declineUpgrade(server: Server, request: IncomingMessage, stream: Duplex): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (!(stream instanceof Socket) || encoding !== undefined || Number(length) !== 0) return false;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(stream);
  stream.setTimeout(server.timeout, () => stream.destroy());
  stream.on('drain', () => response.emit('drain'));
  // The end of the connection is the end of the response for those who wait for it.
  response.once('finish', () => {
    stream.destroySoon();
  });
  server.emit('request', request, response);
  return true;
}
