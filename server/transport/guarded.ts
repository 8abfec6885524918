import type { Log } from './log.js';

/**
 * Wraps a listener exposed to untrusted clients so that its errors cannot crash the process: they are logged,
 * and `giveUp` releases what the client holds.
 */
export function guarded<Args extends unknown[]>(
  log: Log,
  what: string,
  listener: (...args: Args) => unknown,
  giveUp: (...args: Args) => void,
): (...args: Args) => void {
  return (...args) => {
    const fail = (thrown: unknown): void => {
      log(what, thrown);
      giveUp(...args);
    };
    try {
      Promise.resolve(listener(...args)).catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  };
}
