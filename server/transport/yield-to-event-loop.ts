/**
 * Await it between the steps of long work, so that sockets and timers are served in between: it resolves at
 * once early in a turn of the event loop, else in a later turn. The work of all callers counts together.
 */
export async function yieldToEventLoop(): Promise<void> {
  startedAt ??= beginTurn();
  if (performance.now() - startedAt < turnMs) return;
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(callNext);
  });
}

/** How long work for clients may take in one turn of the event loop before it yields, in milliseconds. */
const turnMs = 5;

/** Shared by all callers: there is one event loop. */
const waiting: (() => void)[] = [];

let startedAt: number | null = null;

/** One per turn: the work of two waiting callers may not fit into a single turn. */
function callNext(): void {
  const next = waiting.shift();
  if (waiting.length > 0) setImmediate(callNext);
  startedAt = beginTurn();
  next?.();
}

function beginTurn(): number {
  setImmediate(() => {
    startedAt = null;
  });
  return performance.now();
}
