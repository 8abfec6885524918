/**
 * Close codes after which the session is still there: lost line (1005, 1006), restarting proxy (1012), too
 * large a message, read too slowly, no heartbeat, sent too fast.
 */
const resumable: ReadonlySet<number> = new Set([1005, 1006, 1009, 1012, 4000, 4002, 4004]);

/** Whether `session.resume` can go on after a connection closed with this code. */
export function mayResume(code: number): boolean {
  return resumable.has(code);
}

/**
 * Close codes after which connecting again does not help: an end as asked, a refusal, too large a message, a
 * failed server, another owner.
 */
const final: ReadonlySet<number> = new Set([1000, 1008, 1009, 1011, 4001]);

/** Whether connecting again later can help, be it for another session. */
export function mayRetry(code: number): boolean {
  return !final.has(code);
}

/** Whether the code is a plain end: nothing went wrong. */
export function isCleanEnd(code: number): boolean {
  return code === 1000;
}
