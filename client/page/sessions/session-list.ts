import { field, jsonAt, listed } from '../server/http.js';

/**
 * Part of the server's list of sessions, the newest first. Throws `DuetClientError` where it does not tell.
 */
export async function listSessions(cursor: string | null): Promise<SessionPart> {
  const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await jsonAt(`/v1/sessions?limit=50${after}`);
  const next = field(answer, 'next_cursor');
  return { sessions: listed(answer).flatMap(readSummary), cursor: typeof next === 'string' ? next : null };
}

/** One session, by its id. Throws `DuetClientError` if there is none. */
export async function readSession(id: string): Promise<ReadSession> {
  const answer = await jsonAt(pathOf(id));
  const [summary] = readSummary(answer);
  const told = field(answer, 'transcript');
  const turns = (Array.isArray(told) ? told : []).flatMap(readTold);
  return { ...(summary ?? unknown(id)), turns };
}

/** Deletes the record of an ended session. Throws `DuetClientError` when the server refuses. */
export async function deleteSession(id: string): Promise<void> {
  await jsonAt(pathOf(id), 'DELETE');
}

/** Whether a session may be taken up again; what its client has closed can only be looked at. */
export function mayGoOn({ status, reason }: ListedSession): boolean {
  return status === 'open' || reason !== 'client_request';
}

/** Where a session is read on the server. */
export function pathOf(id: string): string {
  return `/v1/sessions/${encodeURIComponent(id)}`;
}

interface SessionPart {
  readonly sessions: readonly ListedSession[];
  /** Where the next part begins; null if this was the last. */
  readonly cursor: string | null;
}

/** A session as the list shows it. */
export interface ListedSession {
  readonly id: string;
  readonly model: string;
  readonly status: string;
  /** Why it was closed; null if it was not. */
  readonly reason: string | null;
  /** Name of what it watched last; null if nothing, or if that is not known. */
  readonly source: string | null;
  readonly openedAt: Date | null;
  /** Seconds on the video's clock. */
  readonly videoTime: number;
  readonly replies: number | null;
}

/** A session with what was said in it. */
interface ReadSession extends ListedSession {
  readonly turns: readonly ToldTurn[];
}

/** One thing that was said. */
export interface ToldTurn {
  readonly role: string;
  readonly videoTime: number;
  readonly text: string;
}

function unknown(id: string): ListedSession {
  return {
    ...{
      id,
      model: '',
      status: 'ended',
      reason: null,
      source: null,
      openedAt: null,
      videoTime: 0,
      replies: null,
    },
  };
}

/** Drops an entry without an id; a server of another version may leave out the rest. */
function readSummary(value: unknown): readonly ListedSession[] {
  const text = (name: string): string | null => {
    const found = field(value, name);
    return typeof found === 'string' ? found : null;
  };
  const count = (name: string): number | null => {
    const found = field(value, name);
    return typeof found === 'number' ? found : null;
  };
  const id = text('session_id');
  if (id === null) return [];
  const at = text('opened_at');
  return [
    {
      ...{ id, model: text('model') ?? '', status: text('status') ?? 'ended', reason: text('reason') },
      ...{ source: text('source'), openedAt: at === null ? null : new Date(at) },
      ...{ videoTime: count('video_time') ?? 0, replies: count('replies') },
    },
  ];
}

function readTold(value: unknown): readonly ToldTurn[] {
  const [role, videoTime, text] = ['role', 'video_time', 'text'].map((name) => field(value, name));
  if (typeof role !== 'string' || typeof videoTime !== 'number' || typeof text !== 'string') return [];
  return [{ role, videoTime, text }];
}
