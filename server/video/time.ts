import { setTimeout as wait } from 'node:timers/promises';

/** Wall time, injected so that tests need not wait. */
export interface Time {
  /** Milliseconds since some fixed moment, never going backwards. */
  now(): number;
  /** Resolves after this many milliseconds, or rejects when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** This machine's time. */
export const systemTime: Time = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
};
