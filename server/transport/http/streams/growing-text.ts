import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Answers with a text that goes on as long as its parts come, and `idle` whenever none has come for a while:
 * a proxy, and the limit on idle connections, would take silence for an end. Nothing is read ahead of a slow
 * client. The signal of the parts aborts when the client has gone.
 */
export async function sendGrowing(
  response: Response,
  parts: (signal: AbortSignal) => AsyncIterable<string>,
  { type, idle }: GrowingText,
): Promise<void> {
  response.type(type);
  response.setHeader('Cache-Control', 'no-store, no-transform');
  // nginx would gather what comes.
  response.setHeader('X-Accel-Buffering', 'no');
  if (response.req.method === 'HEAD') {
    // Nothing would be sent, and the connection held until the text ends.
    response.end();
    return;
  }
  response.flushHeaders();
  const gone = new AbortController();
  const end = (): void => {
    gone.abort();
  };
  response.once('close', end);
  try {
    await pipeline(Readable.from(withIdle(parts(gone.signal), idle)), response);
  } catch (thrown) {
    if (!response.destroyed) throw thrown;
  } finally {
    end();
  }
}

interface GrowingText {
  readonly type: string;
  /** What is sent when nothing else is. */
  readonly idle: string;
}

/** How long nothing may come before `idle` does, in milliseconds. */
const idleMs = 15_000;

async function* withIdle(parts: AsyncIterable<string>, idle: string): AsyncGenerator<string> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ;) {
      const result = await settledWithin(next, idleMs);
      if (result?.done === true) return;
      if (result !== null) next = iterator.next();
      yield result === null ? idle : result.value;
    }
  } finally {
    // Not awaited: a part that is awaited comes to its end with the signal.
    void iterator.return?.();
  }
}

/** What a promise resolves with; null when it takes longer. */
async function settledWithin<Value>(promise: Promise<Value>, ms: number): Promise<Value | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null);
  });
  return Promise.race([promise, late]).finally(() => {
    clearTimeout(timer);
  });
}
