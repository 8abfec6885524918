import { isDeepStrictEqual } from 'node:util';
import { EitherSignal } from '../../concurrency/either-signal.js';
import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import { DuetError } from '../../errors.js';
import { ChosenQuestions } from './chosen-questions.js';
import type { HostedSessions } from './hosted-sessions.js';
import type { ReadableSession, ReadableSessions } from './readable-sessions.js';

/**
 * The events of a session that a follower wants, and while it is open those to come; to one that has chosen
 * questions also how far they are known, at the beginning and whenever that changes. Ends with the session,
 * when its tokens are taken back, and when the signal aborts.
 */
export async function* followedEvents(
  session: ReadableSession,
  wanted: WantedEvents,
  { sessions }: Pick<FollowServices, 'sessions'>,
  signal: AbortSignal,
): AsyncGenerator<Followed, void> {
  const dismissing = new AbortController();
  const dismissed = (): void => {
    dismissing.abort();
  };
  using either = new EitherSignal(signal, dismissing.signal);
  const attachment =
    session.open && sessions.host(session.open).attach('reader', { replaced: dismissed, dismissed });
  const placed = (event: SessionEvent): Followed => ({ type: 'event', event, session: session.followedAs });
  try {
    const choice = await choiceIn(session, wanted);
    const { after, past } = await beginning(session, choice);
    yield* choice.changes();
    yield* past.map(placed);
    for await (const event of session.follow(after, either.signal)) {
      choice.hear(event);
      yield* choice.changes();
      if (choice.includes(event)) yield placed(event);
    }
  } finally {
    attachment?.leave();
  }
}

/**
 * The same for the newest open session of an owner, whichever that is: it goes on with the next one that is
 * opened, from its beginning, and while there is none it waits.
 */
export async function* newestEvents(
  owner: SessionOwner,
  wanted: WantedEvents,
  services: FollowServices,
  signal: AbortSignal,
): AsyncGenerator<Followed, void> {
  const { registry, readable } = services;
  const known = new Set<string>();
  let { resumed } = wanted;
  for (let before: DuetSession | undefined; !signal.aborted;) {
    const open = registry.list({ owner });
    const newest = open.findLast(({ log }) => !log.isEnded);
    if (newest === undefined || newest === before) {
      await registry.nextOpened(signal);
      continue;
    }
    using change = nextChange(registry, signal);
    const session = await readable.find(newest.id, owner);
    // One that was open before is old news.
    const begin = { ...wanted, resumed, ...(known.has(newest.id) && { last: 0 }) };
    for (const { id } of open) known.add(id);
    for await (const followed of followedEvents(session, begin, services, change.signal)) {
      if (followed.type === 'event') resumed = { session: followed.session, seq: followed.event.seq };
      yield followed;
    }
    // Its tokens were taken back: who may still read it comes again.
    if (!change.signal.aborted && !newest.log.isEnded) return;
    before = newest;
  }
}

/** Whether anything that a follower wants has happened after an event, until now. */
export async function hasWanted(
  session: ReadableSession,
  wanted: WantedEvents,
  after: number,
): Promise<boolean> {
  const { includes } = await choiceIn(session, wanted);
  for await (const event of session.events({ after, skip: wanted.skip })) if (includes(event)) return true;
  return false;
}

/** What a follower is told. */
export type Followed =
  | {
      readonly type: 'event';
      readonly event: SessionEvent;
      /** The name that followers may know of its session. */
      readonly session: string;
    }
  | {
      readonly type: 'questions';
      /** What was chosen and fits no question so far. */
      readonly unknown: readonly string[];
      /** The texts of the newest questions. */
      readonly asked: readonly string[];
    };

/** Which events a follower wants, and where they begin. */
export interface WantedEvents {
  /**
   * Where a follower was that comes back, if in this session: that counts. A session without a name is any.
   */
  readonly resumed: { readonly session: string | null; readonly seq: number } | null;
  /** Else the newest so many of the past; null for those after a number. */
  readonly last: number | null;
  readonly after: number;
  readonly includes: (event: SessionEvent) => boolean;
  /** Of replies only those to these, see {@link ChosenQuestions}; null for all. */
  readonly questions: readonly string[] | null;
  /** Recorded lines that are none of them. */
  readonly skip: (line: string) => boolean;
}

/** What following needs. */
export interface FollowServices {
  readonly registry: SessionRegistry;
  readonly readable: ReadableSessions;
  readonly sessions: HostedSessions;
}

/** Throws 'busy' when so many follow sessions already that there is no place for another. */
export function requirePlaceToFollow(followers: number, most: number, registry: SessionRegistry): void {
  if (followers < most) return;
  const message = `${most} connections follow sessions already: try again later`;
  throw new DuetError('busy', message, { retryAfterMs: registry.retryAfterMs });
}

/** What is wanted of one session. */
interface Choice extends WantedEvents {
  /** An event that may ask a question. */
  readonly hear: (event: SessionEvent) => void;
  /** How far the chosen questions are known, if that is not what was told last. */
  readonly changes: () => readonly Followed[];
}

async function choiceIn(session: ReadableSession, wanted: WantedEvents): Promise<Choice> {
  if (wanted.questions === null) return { ...wanted, hear: () => undefined, changes: () => [] };
  const questions = await ChosenQuestions.in(session, wanted.questions);
  let told: Followed | null = null;
  return {
    ...wanted,
    includes: (event) => wanted.includes(event) && questions.includes(event),
    hear: (event) => {
      questions.hear(event);
    },
    changes: () => {
      const { unknown, newestTexts: asked } = questions;
      const now = { type: 'questions', unknown, asked } as const;
      if (isDeepStrictEqual(now, told)) return [];
      told = now;
      return [now];
    },
  };
}

/** What is told of the past, and the number after which the rest follows. */
async function beginning(
  session: ReadableSession,
  { resumed, last, after, includes, skip }: WantedEvents,
): Promise<{ readonly past: readonly SessionEvent[]; readonly after: number }> {
  const { followedAs, summary, events } = session;
  const upTo = summary.last_seq;
  const isThis = resumed !== null && [null, followedAs].includes(resumed.session);
  // Numbers beyond its end were lost with the machine, and come again.
  if (isThis) return { past: [], after: Math.min(resumed.seq, upTo) };
  if (last === null) return { past: [], after };
  let newest: SessionEvent[] = [];
  if (last > 0) {
    for await (const event of events({ upTo, skip })) {
      if (includes(event)) newest.push(event);
      if (newest.length > 2 * last) newest = newest.slice(-last);
    }
  }
  return { past: newest.slice(-last), after: upTo };
}

/** Aborts with the next session that is opened. */
function nextChange(registry: SessionRegistry, signal: AbortSignal): Disposable & { signal: AbortSignal } {
  const moving = new AbortController();
  const either = new EitherSignal(signal, moving.signal);
  const move = (): void => {
    moving.abort();
  };
  void registry.nextOpened(either.signal).then(move);
  return {
    signal: either.signal,
    [Symbol.dispose]: () => {
      move();
      either[Symbol.dispose]();
    },
  };
}
