import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { callOwner, ownerSocketPath } from '../owner-socket.js';
import { recordFiles, type RecordFileInfo } from './record-files.js';
import { isEventLine, noNotes, summaryAfter } from './record-line.js';
import type { RecordIdentity, RecordNotes, RecordSummary } from './record-line.js';
import { markName } from './record-writer.js';
import { recordedLines } from './recorded-lines.js';

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
 * which knows what is open in it. What is remembered in `known` is read again only where the record has
 * changed. Throws 'unsupported' if a later version wrote the record.
 */
export async function readStoredRecord(
  folder: string,
  ownMark = '',
  known: KnownSummaries = new Map(),
): Promise<StoredRecord | null> {
  const files = await recordFiles(folder);
  const newest = files.findLast(({ bytes }) => bytes > 0);
  if (newest === undefined) return null;
  const { identity, notes } = await summaryOf(newest, known);
  if (identity === null) return null;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { identity, notes, bytes, isOpen: await isInUse(folder, ownMark) };
}

/** What records said when they were read last, by the path of their newest file. */
export type KnownSummaries = Map<string, KnownSummary>;

interface KnownSummary extends Pick<RecordFileInfo, 'bytes' | 'changedMs'> {
  readonly summary: RecordSummary;
}

/** Most records of which that is remembered. */
const mostKnown = 2000;

async function summaryOf(newest: RecordFileInfo, known: KnownSummaries): Promise<RecordSummary> {
  const { path, bytes, changedMs } = newest;
  const before = known.get(path);
  if (before?.bytes === bytes && before.changedMs === changedMs) return before.summary;
  const summary = (await lastSummary(newest)) ?? (await wholeSummary(newest));
  if (before !== undefined || known.size < mostKnown) known.set(path, { bytes, changedMs, summary });
  return summary;
}

/** Whether another server, which is alive, has the session open. */
async function isInUse(folder: string, ownMark: string): Promise<boolean> {
  const mark = await readFile(join(folder, markName), 'utf8').catch(() => '');
  if (mark === ownMark || !/^[\w-]+$/.test(mark)) return false;
  return (await callOwner(ownerSocketPath(dirname(folder), mark))) === null;
}

/** What the last line says, if the record was closed in order: it repeats everything. */
async function lastSummary({ path, bytes }: RecordFileInfo): Promise<RecordSummary | null> {
  const from = Math.max(0, bytes - tailBytes);
  let last = '';
  for await (const line of recordedLines(path, { from })) last = line;
  if (isEventLine(last)) return null;
  const summary = summaryAfter({ identity: null, notes: noNotes }, last);
  return summary.identity === null ? null : summary;
}

async function wholeSummary({ path }: RecordFileInfo): Promise<RecordSummary> {
  let summary: RecordSummary = { identity: null, notes: noNotes };
  for await (const line of recordedLines(path)) summary = summaryAfter(summary, line);
  return summary;
}

/** Enough for the last line of nearly every record. */
const tailBytes = 32 * 1024;
