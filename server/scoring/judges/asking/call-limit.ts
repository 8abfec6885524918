import pLimit from 'p-limit';

/** Runs work, so much of it at once. */
type CallLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Lets at most `concurrency` pieces of work run at once; the others wait in order, without bound, since
 * whoever asks waits too. When one fails, those that wait fail with it: a service that has refused is not
 * asked hundreds of times more. Work under way goes on, and work that comes later starts afresh.
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

/** Work that came between two failures, and what the second of them was. */
interface Round {
  failure: { readonly cause: unknown } | null;
}
