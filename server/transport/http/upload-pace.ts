import type { IncomingMessage } from 'node:http';
import { DuetError } from '../../errors.js';

/** The least pace of an upload. */
export interface UploadPace {
  /** Milliseconds before its rate is looked at. */
  readonly graceMs: number;
  /** Least bytes a second, on average since its beginning. */
  readonly bytesPerSecond: number;
}

/**
 * Slower than any connection used to upload a video; a client that drips bytes to hold a place loses it after
 * a minute.
 */
export const defaultUploadPace: UploadPace = { graceMs: 60_000, bytesPerSecond: 16 * 1024 };

/**
 * Watches the rate of a request's body until `signal` aborts; rejects with 'invalid_request' when it is too
 * slow, never resolves.
 */
export function tooSlow(request: IncomingMessage, pace: UploadPace, signal: AbortSignal): Promise<never> {
  const { graceMs, bytesPerSecond } = pace;
  const startedAt = performance.now();
  const startedWith = request.socket.bytesRead;
  return new Promise((_resolve, reject) => {
    const look = (): void => {
      const elapsedMs = performance.now() - startedAt;
      const bytes = request.socket.bytesRead - startedWith;
      if (elapsedMs < graceMs || bytes >= (bytesPerSecond * elapsedMs) / 1000) return;
      const seconds = Math.round(elapsedMs / 1000);
      reject(
        new DuetError(
          'invalid_request',
          `The upload is too slow: ${bytes} bytes came in ${seconds} s; ` +
            `the least is ${bytesPerSecond} a second`,
        ),
      );
    };
    const timer = setInterval(look, Math.min(5000, graceMs));
    signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
  });
}
