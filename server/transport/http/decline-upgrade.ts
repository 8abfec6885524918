import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Answers a request as if it had offered no upgrade, and closes its connection. Node has detached the
 * connection by then and can no longer read a body, so requests with one are not answered here.
 *
 * @returns whether the request is answered.
 */
export function declineUpgrade(server: Server, request: IncomingMessage, stream: Duplex): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (!(stream instanceof Socket) || encoding !== undefined || Number(length) !== 0) return false;
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(stream);
  stream.setTimeout(server.timeout, () => stream.destroy());
  stream.on('drain', () => response.emit('drain'));
  // The response ends the connection, which tells the client that it is complete.
  response.once('finish', () => {
    stream.destroySoon();
  });
  server.emit('request', request, response);
  return true;
}

/**
 * Whether a request offers to upgrade to a protocol other than WebSocket; Java's HTTP client and `curl
 * --http2` offer h2c with every request. A server may ignore such an offer (RFC 9110, 7.8).
 */
export function offersOtherProtocol(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() !== 'websocket';
}
