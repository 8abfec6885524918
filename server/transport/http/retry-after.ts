import type { ServerResponse } from 'node:http';

/** The `Retry-After` header of HTTP, which counts whole seconds. */
export function setRetryAfter(response: ServerResponse, retryAfterMs: number): void {
  response.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1000)));
}
