import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { callOwner, ownerSocketPath } from '../owner-socket.js';
import { KnownSummaries } from './known-summaries.js';
import { recordFiles } from './record-files.js';
import type { RecordIdentity, RecordNotes } from './record-line.js';
import { markName } from './record-writer.js';

/** The record of a session as it lies on disk. */
export interface StoredRecord {
  readonly identity: RecordIdentity;
  readonly notes: RecordNotes;
  readonly bytes: number;
  /** Whether a server, this one or another, is writing it. */
  readonly isOpen: boolean;
}

/**
 * Reads what a record in a folder says; null if there is none. `ownMark` is that of the server that asks,
 * which knows what is open in it. Throws 'unsupported' if a later version wrote the record.
 */
export async function readStoredRecord(
  folder: string,
  ownMark = '',
  known = new KnownSummaries(),
): Promise<StoredRecord | null> {
  const files = await recordFiles(folder);
  const newest = files.findLast(({ bytes }) => bytes > 0);
  if (newest === undefined) return null;
  const { identity, notes } = await known.of(newest);
  if (identity === null) return null;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { identity, notes, bytes, isOpen: await isInUse(folder, ownMark) };
}

/** Whether another server, which is alive, has the session open. */
async function isInUse(folder: string, ownMark: string): Promise<boolean> {
  const mark = await readFile(join(folder, markName), 'utf8').catch(() => '');
  if (mark === ownMark || !/^[\w-]+$/.test(mark)) return false;
  return (await callOwner(ownerSocketPath(dirname(folder), mark))) === null;
}
