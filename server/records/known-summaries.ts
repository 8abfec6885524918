import type { RecordFileInfo } from './record-files.js';
import { isEventLine, noNotes, summaryAfter, type RecordSummary } from './record-line.js';
import { recordedLines, type OnTooLong } from './recorded-lines.js';

/**
 * What records say, by their newest files: a file is read again only where it has changed, and once for all
 * who ask meanwhile.
 */
export class KnownSummaries {
  readonly #known = new Map<string, KnownSummary>();
  readonly #onTooLong: OnTooLong | undefined;
  #size = 0;

  constructor(onTooLong?: OnTooLong) {
    this.#onTooLong = onTooLong;
  }

  /** What a record says. Throws 'unsupported' if a later version wrote it. */
  async of(newest: RecordFileInfo): Promise<RecordSummary> {
    const { path, bytes, changedMs } = newest;
    const before = this.#known.get(path);
    if (before?.bytes === bytes && before.changedMs === changedMs) return before.summary;
    if (before !== undefined) this.#forget(path, before);
    const known: KnownSummary = { bytes, changedMs, summary: this.#read(newest), size: 0 };
    this.#known.set(path, known);
    try {
      const summary = await known.summary;
      this.#remember(path, known, summary);
      return summary;
    } catch (thrown) {
      this.#forget(path, known);
      throw thrown;
    }
  }

  /** Forgets the records whose files are not wanted any more. */
  keepOnly(isWanted: (path: string) => boolean): void {
    for (const [path, known] of this.#known) if (!isWanted(path)) this.#forget(path, known);
  }

  async #read(newest: RecordFileInfo): Promise<RecordSummary> {
    return (await lastSummary(newest)) ?? (await wholeSummary(newest, this.#onTooLong));
  }

  #remember(path: string, known: KnownSummary, summary: RecordSummary): void {
    if (this.#known.get(path) !== known) return;
    known.size = JSON.stringify(summary).length;
    this.#size += known.size;
    if (this.#size > mostSize) this.#forget(path, known);
  }

  #forget(path: string, known: KnownSummary): void {
    if (this.#known.get(path) !== known) return;
    this.#known.delete(path);
    this.#size -= known.size;
  }
}

interface KnownSummary extends Pick<RecordFileInfo, 'bytes' | 'changedMs'> {
  readonly summary: Promise<RecordSummary>;
  /** Characters of JSON; 0 while it is being read. */
  size: number;
}

/** Most characters of JSON that are remembered: a record has about a thousand. */
const mostSize = 32e6;

/** What the last line says, if the record was closed in order: it repeats everything. */
async function lastSummary({ path, bytes }: RecordFileInfo): Promise<RecordSummary | null> {
  let last = '';
  for await (const line of recordedLines(path, { from: Math.max(0, bytes - tailBytes), upTo: bytes }))
    last = line;
  if (isEventLine(last)) return null;
  const summary = summaryAfter({ identity: null, notes: noNotes }, last);
  return summary.identity === null ? null : summary;
}

async function wholeSummary({ path }: RecordFileInfo, onTooLong?: OnTooLong): Promise<RecordSummary> {
  let summary: RecordSummary = { identity: null, notes: noNotes };
  for await (const line of recordedLines(path, { onTooLong })) summary = summaryAfter(summary, line);
  return summary;
}

/** Enough for the last line of nearly every record. */
const tailBytes = 32 * 1024;
