import { Router } from 'express';
import type { SessionRegistry } from '../../duet/registry.js';
import { setRetryAfter } from './error-response.js';

/**
 * `GET /healthz`, whether the process is alive, and `GET /readyz`, whether it accepts another session: 503
 * while it is stopping, full, or saturated: another source in real time would make others late.
 */
export function healthRoutes(registry: SessionRegistry, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', (_request, response) => {
    const { sessions, limit: max_sessions } = registry.occupancy;
    const status = isStopping() ? 'stopping' : readinessOf(registry);
    const { sources: realtime_sources } = registry.capacity.use;
    const isBusy = status === 'full' || status === 'saturated';
    const retry_after_ms = registry.retryAfterMs;
    if (isBusy) setRetryAfter(response, retry_after_ms);
    response
      .status(status === 'ready' ? 200 : 503)
      .json({ status, sessions, max_sessions, realtime_sources, ...(isBusy && { retry_after_ms }) });
  });
  return router;
}

function readinessOf({ isFull, capacity }: SessionRegistry): 'full' | 'saturated' | 'ready' {
  if (isFull) return 'full';
  return capacity.isSaturated ? 'saturated' : 'ready';
}
