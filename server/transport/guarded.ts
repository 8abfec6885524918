import type { Log } from './log.js';

/**
 * Makes a listener that strangers can call safe for the process: whatever it throws or rejects with is
 * logged, and `giveUp` releases what the stranger holds.
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
