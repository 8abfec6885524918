/** Runs work, so much of it at once. */
export type CallLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;

interface Waiting {
  readonly start: () => void;
  readonly giveUp: (reason: unknown) => void;
}

/**
 * Lets at most `limit` pieces of work run at once; the others wait in order, without bound, since whoever asks waits too.
 * When one fails, those that wait fail with it: a service that has refused is not asked hundreds of times more. Work
 * under way goes on, and work that comes later starts afresh.
 */
export function limitCalls(limit: number): CallLimit {
  const waiting: Waiting[] = [];
  let taken = 0;
  const turn = () =>
    new Promise<void>((start, giveUp) => {
      if (taken === limit) {
        waiting.push({ start, giveUp });
        return;
      }
      taken += 1;
      start();
    });
  const passOn = () => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next.start();
  };
  return async (work) => {
    await turn();
    try {
      return await work();
    } catch (thrown) {
      for (const each of waiting.splice(0)) each.giveUp(thrown);
      throw thrown;
    } finally {
      passOn();
    }
  };
}
