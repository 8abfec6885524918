import type { EventLog } from '../../duet/record/event-log.js';
import type { SessionEvent } from '../../duet/record/events.js';
import { eventLine } from '../../records/wire-event.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import type { Outbox } from './outbox.js';

/**
 * Sends a session's events as fast as the client reads them. Resolves with `ended` when the session has
 * ended, `lagging` when the client reads nothing and is too far behind, `aborted` when the signal aborts.
 */
export async function sendEvents(
  log: EventLog,
  outbox: Outbox,
  reading: EventReading,
  signal: AbortSignal,
): Promise<'ended' | 'lagging' | 'aborted'> {
  const reader = log.read({ after: reading.after, signal });
  const isTooFarBehind = (): boolean => reader.behind > reading.maxLag;
  for await (const event of reader) {
    await yieldToEventLoop();
    const sent = outbox.sendLine(eventLine(withShownId(event, reading.shownId)));
    if (outbox.isCrowded && !(await doneBefore(sent, isTooFarBehind, reading.stalledAfterMs)))
      return 'lagging';
    if (signal.aborted) return 'aborted';
  }
  return signal.aborted ? 'aborted' : 'ended';
}

/** A follower must not learn the id, which is the key to controlling the session. */
function withShownId(event: SessionEvent, shownId: string | undefined): SessionEvent {
  return shownId !== undefined && 'sessionId' in event ? { ...event, sessionId: shownId } : event;
}

/** Where to start and when to give up on a reader. */
interface EventReading {
  /** The last sequence number the client has. */
  readonly after: number;
  /** Stands for the session's id; default the id itself. */
  readonly shownId?: string;
  /** Events a client may be behind while it does not read. */
  readonly maxLag: number;
  /** How long a client may read nothing before its lag is checked, in milliseconds. */
  readonly stalledAfterMs: number;
}

/** Waits for `work`; false when `isHopeless` becomes true first. */
async function doneBefore(work: Promise<void>, isHopeless: () => boolean, everyMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const givenUp = new Promise<false>((resolve) => {
    timer = setInterval(() => {
      if (isHopeless()) resolve(false);
    }, everyMs);
  });
  try {
    return await Promise.race([work.then(() => true), givenUp]);
  } finally {
    clearInterval(timer);
  }
}
