import { Router } from 'express';
import type { SessionRegistry } from '../../duet/registry.js';
import { setRetryAfter } from './error-response.js';

/**
 * `GET /healthz`, whether the process is alive, and `GET /readyz`, whether it accepts another session: 503
 * while it is full or stopping.
 */
export function healthRoutes(registry: SessionRegistry, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (_request, response) => {
    const { sessions, limit: max_sessions } = registry.occupancy;
    const status = isStopping() ? 'stopping' : registry.isFull ? 'full' : 'ready';
    const retry_after_ms = registry.retryAfterMs;
    if (status === 'full') setRetryAfter(response, retry_after_ms);
    response
      .status(status === 'ready' ? 200 : 503)
      .json({ status, sessions, max_sessions, ...(status === 'full' && { retry_after_ms }) });
  });
  return router;
}
