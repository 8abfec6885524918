import snakecaseKeys from 'snakecase-keys';
import type { HeldMemory } from '../../duet/memory/memory.js';
import type { SessionEvent } from '../../duet/record/events.js';
import type { SessionOwner } from '../../duet/record/session-state.js';
import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import { DuetError } from '../../errors.js';
import type { RecordStore } from '../../records/record-store.js';
import { endOf } from '../../records/retention.js';
import type { StoredRecord } from '../../records/stored-record.js';
import type { WireSessionSettings } from '../../settings/wire-name.js';
import { settingsToWire } from '../wire.js';
import { byPlace, pageOf, type PageRequest, type Placed } from './session-page.js';
import { followedName, type Shares } from './shares.js';

/** Everything that can be read of sessions, while they are open and from their records afterwards. */
export class ReadableSessions {
  readonly #registry: SessionRegistry;
  readonly #store: RecordStore | null;
  readonly #shares: Shares;
  readonly #numbers = new WeakMap<DuetSession, number>();
  #newest = 0;

  constructor(registry: SessionRegistry, store: RecordStore | null, shares: Shares) {
    this.#registry = registry;
    this.#store = store;
    this.#shares = shares;
  }

  /**
   * The session with this id, or the one that a token of `session.share` belongs to. Throws 'not_found', also
   * for the session of another owner.
   */
  async find(key: string, owner: SessionOwner): Promise<ReadableSession> {
    const shared = await this.#shares.sessionOf(key);
    const found = await this.#read(shared ?? key, shared === null ? { owner } : {});
    return shared === null ? found : withoutId(found);
  }

  /**
   * The open session with this id, or the one that a token of `session.share` belongs to. Throws 'not_found',
   * also once it has ended and for the session of another owner.
   */
  async findOpen(key: string, owner: SessionOwner): Promise<DuetSession> {
    const shared = await this.#shares.sessionOf(key);
    return shared === null ? this.#registry.get(key, owner) : this.#registry.get(shared);
  }

  /**
   * The sessions of an owner, the newest first; with null those that belong to nobody. Throws
   * 'invalid_request' for a cursor that was never given.
   */
  async list(owner: SessionOwner, page: PageRequest): Promise<SessionPage> {
    const open = this.#registry.list({ owner });
    const stored = ((await this.#store?.list()) ?? []).filter(({ identity }) => identity.owner === owner);
    const recorded = new Set(stored.map(({ identity }) => identity.id));
    const placed: Placed<SessionSummary>[] = stored.map((record) => {
      const { id, openedAt: at } = record.identity;
      return { unrecorded: false, at, id, entry: ofRecord(record) };
    });
    for (const session of open) {
      const { id } = session;
      if (recorded.has(id)) continue;
      placed.push({ unrecorded: true, at: this.#numberOf(session), id, entry: ofOpen(session) });
    }
    const { entries: sessions, cursor } = pageOf(placed.sort(byPlace), page);
    return { sessions, cursor };
  }

  /** Numbers sessions in the order in which they were opened. */
  #numberOf(session: DuetSession): number {
    const known = this.#numbers.get(session);
    if (known !== undefined) return known;
    this.#newest += 1;
    this.#numbers.set(session, this.#newest);
    return this.#newest;
  }

  /** Deletes the record of an ended session. Throws 'not_found', and 'invalid_request' while it is open. */
  async delete(id: string, owner: SessionOwner): Promise<void> {
    await this.#read(id, { owner });
    if ((await this.#registry.has(id)) || this.#store === null) {
      throw new DuetError('invalid_request', 'The session is open: close it first, then delete its record');
    }
    await this.#shares.revoke(id);
    await this.#store.delete(id);
  }

  async #read(id: string, whose: { owner?: SessionOwner }): Promise<ReadableSession> {
    const record = (await this.#store?.find(id)) ?? null;
    const session = this.#registry.list().find((open) => open.id === id);
    if (record === null || this.#store?.opened(id)?.isBehind === true) {
      return readOpen(session ?? this.#registry.get(id, whose.owner), whose.owner);
    }
    requireOwner(record.identity.owner, whose.owner);
    const events: ReadableSession['events'] = (range) => this.#store?.events(id, range) ?? noEvents();
    return {
      summary: ofRecord(record),
      followedAs: followedName(id),
      settings: recordedSettings(record),
      memory: session?.held ?? null,
      open: session ?? null,
      events,
      follow: (after, signal) => session?.log.read({ after, signal }) ?? events({ after }),
    };
  }
}

/** Part of a list of sessions. */
interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** Where the next part begins; null if this was the last. */
  readonly cursor: string | null;
}

/** One session as it can be read. */
export interface ReadableSession {
  readonly summary: SessionSummary;
  /** The name that followers see in place of its id. */
  readonly followedAs: string;
  /** As recorded, maybe by another version of Duet. */
  readonly settings: WireSessionSettings;
  /** What its context holds now; null once it has ended. */
  readonly memory: HeldMemory | null;
  /** Itself, while it is open in this server. */
  readonly open: DuetSession | null;
  /** Its events so far, oldest first. */
  readonly events: (range?: EventRange) => AsyncIterable<SessionEvent>;
  /** Its events after a number, and while it is open those to come, until the signal aborts. */
  readonly follow: (after: number, signal: AbortSignal) => AsyncIterable<SessionEvent>;
}

interface EventRange {
  readonly after?: number;
  readonly upTo?: number;
  /** Recorded lines to leave out unread. */
  readonly skip?: (line: string) => boolean;
}

/** A session in a list, in the words of the wire. */
interface SessionSummary {
  readonly session_id: string;
  readonly model: string;
  /** `interrupted`: its server was lost before it was closed. */
  readonly status: 'open' | 'interrupted' | 'ended';
  /** Why it was closed; null if it was not. */
  readonly reason: string | null;
  /** Name of the source that it watched last; null if none was, or it is not known. */
  readonly source: string | null;
  readonly opened_at: string | null;
  /** Time of its last event. */
  readonly last_event_at: string | null;
  readonly last_seq: number;
  readonly video_time: number;
  readonly frames: number | null;
  readonly replies: number | null;
  readonly bytes: number;
}

async function* upToNumber(events: AsyncIterable<SessionEvent>, most: number): AsyncGenerator<SessionEvent> {
  for await (const event of events) {
    if (event.seq > most) return;
    yield event;
  }
}

/** Another owner's session is not found, as if it were not there. */
function requireOwner(owner: SessionOwner, asked: SessionOwner | undefined): void {
  if (asked !== undefined && owner !== null && owner !== asked) {
    throw new DuetError('not_found', 'No such session: it was never opened, or its record was deleted.');
  }
}

function readOpen(session: DuetSession, asked: SessionOwner | undefined): ReadableSession {
  requireOwner(session.owner, asked);
  return {
    summary: ofOpen(session),
    followedAs: followedName(session.id),
    settings: settingsToWire(session.settings),
    memory: session.held,
    open: session,
    events: ({ after, upTo = Infinity } = {}) => upToNumber(session.log.history(after), upTo),
    follow: (after, signal) => session.log.read({ after, signal }),
  };
}

function ofOpen(session: DuetSession): SessionSummary {
  const { id, model, log, videoTime } = session;
  return {
    ...{ session_id: id, model: model.capabilities.name, status: 'open', reason: null },
    ...{ source: null, opened_at: null, last_event_at: null, last_seq: log.lastSeq, video_time: videoTime },
    ...{ frames: null, replies: null, bytes: 0 },
  };
}

function ofRecord(record: StoredRecord): SessionSummary {
  const { identity, notes, bytes, isOpen } = record;
  const { model, closed, watched: source, lastSeq, videoTime, frames, replies } = notes.state;
  return {
    ...{ session_id: identity.id, model, reason: closed },
    status: closed !== null ? 'ended' : isOpen ? 'open' : 'interrupted',
    source,
    opened_at: new Date(identity.openedAt).toISOString(),
    last_event_at: new Date(endOf(record)).toISOString(),
    ...{ last_seq: lastSeq, video_time: videoTime, frames, replies, bytes },
  };
}

function recordedSettings({ notes }: StoredRecord): WireSessionSettings {
  return snakecaseKeys({ ...notes.state.settings }, { deep: true }) as unknown as WireSessionSettings;
}

/** The same session under the name that followers may see. */
function withoutId(session: ReadableSession): ReadableSession {
  const session_id = session.followedAs;
  return {
    ...session,
    summary: { ...session.summary, session_id },
    events: (range) => withName(session.events(range), session_id),
    follow: (after, signal) => withName(session.follow(after, signal), session_id),
  };
}

async function* withName(
  events: AsyncIterable<SessionEvent>,
  sessionId: string,
): AsyncGenerator<SessionEvent> {
  for await (const event of events) yield 'sessionId' in event ? { ...event, sessionId } : event;
}

async function* noEvents(): AsyncGenerator<SessionEvent> {
  // Nothing is recorded.
}
