import { DuetError } from '../../errors.js';

/**
 * The first entries of a list after the place that a cursor names, and the cursor for those that follow: null
 * at the end. An entry that has gone since, even the one that the cursor names, moves none of the others.
 *
 * @param entries sorted by {@link byPlace}.
 */
export function pageOf<Entry>(
  entries: readonly Placed<Entry>[],
  { limit, cursor }: PageRequest,
): { readonly entries: readonly Entry[]; readonly cursor: string | null } {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const left = after === undefined ? entries : entries.filter((entry) => byPlace(after, entry) < 0);
  const shown = left.slice(0, limit);
  const last = left.length > limit ? shown.at(-1) : undefined;
  return { entries: shown.map(({ entry }) => entry), cursor: last === undefined ? null : cursorOf(last) };
}

/** Which part of a list is wanted. */
export interface PageRequest {
  /** Most entries, from 1 on. */
  readonly limit: number;
  /** From the page before; default: from the beginning. */
  readonly cursor?: string | undefined;
}

/** An entry and what it is sorted by. */
export interface Placed<Entry> extends Place {
  readonly entry: Entry;
}

interface Place {
  /** Whether it has no record and so no time; those come first. */
  readonly unrecorded: boolean;
  /** When it was opened: milliseconds since 1970, or a number of its own that grows. */
  readonly at: number;
  readonly id: string;
}

/** Sorts the newest first. */
export function byPlace(one: Place, other: Place): number {
  if (one.unrecorded !== other.unrecorded) return one.unrecorded ? -1 : 1;
  return other.at - one.at || (one.id < other.id ? -1 : Number(one.id > other.id));
}

function cursorOf({ unrecorded, at, id }: Place): string {
  return Buffer.from(`${unrecorded ? 'u' : 'r'}${at}:${id}`).toString('base64url');
}

function parseCursor(cursor: string): Place {
  const [, kind, at, id] = /^([ur])(\d{1,15}(?:\.\d{1,9})?):([\w-]{1,64})$/.exec(
    Buffer.from(cursor.slice(0, 200), 'base64url').toString('latin1'),
  ) ?? [undefined];
  if (at !== undefined && id !== undefined) return { unrecorded: kind === 'u', at: Number(at), id };
  const message = 'The parameter cursor must be next_cursor of the page before, as it was given';
  throw new DuetError('invalid_request', message);
}
