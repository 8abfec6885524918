import { setTimeout as wait } from 'node:timers/promises';

/** Wall time, injected so that tests need not wait. */
export interface Time {
  /** Milliseconds from some fixed moment, never running backwards. */
  now(): number;
  /** Resolves after so many milliseconds, or rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The time of this machine. */
export const systemTime: Time = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
};
