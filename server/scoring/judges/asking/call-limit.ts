import pLimit from 'p-limit';

/** Runs work with limited concurrency. */
type CallLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Runs at most `concurrency` pieces of work at once. The others wait in order; the queue is unbounded, but
 * its callers wait too. When one fails, those waiting fail with it, so that a service is not asked hundreds
 * of times after a refusal. Running work continues, and work added later starts afresh.
 */
export function limitCalls(concurrency: number): CallLimit {
  const limit = pLimit(concurrency);
  let round: Round = { failure: null };
  return (work) => {
    const own = round;
    return limit(async () => {
      if (own.failure !== null) throw own.failure.cause;
      try {
        return await work();
      } catch (cause) {
        round.failure = { cause };
        round = { failure: null };
        throw cause;
      }
    });
  };
}

/** Work added between two failures, and the failure that ended it. */
interface Round {
  failure: { readonly cause: unknown } | null;
}
