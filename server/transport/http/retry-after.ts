import type { ServerResponse } from 'node:http';

/** Sets the `Retry-After` header. */
export function setRetryAfter(response: ServerResponse, retryAfterMs: number): void {
  response.setHeader('Retry-After', retryAfter(retryAfterMs));
}

/** The value of HTTP's `Retry-After`, which counts whole seconds. */
export function retryAfter(retryAfterMs: number): string {
  return String(Math.ceil(retryAfterMs / 1000));
}
