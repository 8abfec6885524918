import { httpAddress } from './http.js';

/**
 * Resolves once the server takes sessions again, with true; with false once nobody waits any more, or it has
 * stayed away for too long.
 */
export async function awaitServer(isAwaited: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (!isAwaited()) return false;
    const answer = await fetch(httpAddress('/readyz'), { cache: 'no-store' }).catch(() => null);
    if (answer?.ok === true) return isAwaited();
  }
  return false;
}

/** A quarter of an hour. */
const everyMs = 1500;
const mostAttempts = 600;
