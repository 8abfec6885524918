/**
 * Await it between the steps of long work to keep the turns of the event loop short, so that sockets and
 * timers are served in between: it resolves at once while the present turn is young, else in a later one. The
 * work of all callers counts together.
 */
export async function yieldToEventLoop(): Promise<void> {
  startedAt ??= beginTurn();
  if (performance.now() - startedAt < turnMs) return;
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(callNext);
  });
}

/**
 * How long work for clients may go on in one turn of the event loop before everybody else gets a turn, in
 * milliseconds.
 */
const turnMs = 5;

/** Shared by all callers: there is one event loop. */
const waiting: (() => void)[] = [];

let startedAt: number | null = null;

/** One after another: the work of two who have waited need not fit into one turn. */
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
