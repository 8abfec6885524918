import { questionPlayer } from '../../scoring/runner/play-question.js';
import type { BenchInputs } from './inputs.js';
import { playerFor, type Playground } from './split.js';

/**
 * Does what waits for questions to be played while this process itself plays some of those in the queue.
 * Without a queue it is simply done.
 */
export async function withWorker<Result>(
  { test, development }: BenchInputs,
  ground: Playground,
  signal: AbortSignal,
  wait: () => Promise<Result>,
): Promise<Result> {
  const { redis, modelFingerprint, jobs: limit } = ground;
  if (redis === null || limit === 0) return wait();
  // Most runs have no queue, and its library is large.
  const { workAtRedis } = await import('../../scoring/runner/queue/redis-worker.js');
  const videos = [test.videos, ...(development === null ? [] : [development.videos])];
  const done = new AbortController();
  const playerOf = (settings: Parameters<typeof playerFor>[2]) =>
    questionPlayer({ ...playerFor(test, ground, settings), videos });
  const plan = { redis, modelFingerprint, playerOf, limit, onDone: () => undefined };
  const work = workAtRedis(plan, AbortSignal.any([signal, done.signal]));
  // Awaited below; a failure must not count as unhandled until then.
  work.catch(() => undefined);
  try {
    return await wait();
  } finally {
    done.abort();
    await work;
  }
}
