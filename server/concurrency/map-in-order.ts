/**
 * Runs `work` on the items of a stream or list, at most `limit` at a time, and yields the results in the
 * order of the items. The first failure ends the stream once the running work has settled.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item> | Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // The failure surfaces when it is awaited below; until then it must not count as unhandled.
      result.catch(() => undefined);
      running.push(result);
      if (running.length < limit) continue;
      const first = running.shift();
      if (first !== undefined) yield await first;
    }
    for (let first = running.shift(); first !== undefined; first = running.shift()) yield await first;
  } finally {
    await Promise.allSettled(running);
  }
}
