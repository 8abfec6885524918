import type { ArchiveListener, EventArchive } from '../duet/record/event-archive.js';
import type { SessionEvent } from '../duet/record/events.js';
import { recordedAfter } from '../duet/record/recorded-state.js';
import { DuetError } from '../errors.js';
import { recordedEvents } from './record-files.js';
import { headerLine, noteLine, type RecordIdentity, type RecordNotes } from './record-line.js';
import { RecordWriter, type WriterOptions } from './record-writer.js';
import { eventLine } from './wire-event.js';

/**
 * The record of one session on disk: a folder of files of JSON lines, written as things happen.
 *
 * - An event is released when the operating system has it, so it survives the death of this process. Once a
 *   second what was written is forced to the disk, so it survives that of the machine.
 * - Where nothing can be written, or writing takes too long, events are released all the same and wait in
 *   memory; the archive tries again, less and less often, and counts what no longer fits there.
 */
export class SessionArchive implements EventArchive {
  readonly identity: RecordIdentity;
  readonly folder: string;
  readonly #options: ArchiveOptions;
  readonly #writer: RecordWriter;
  #notes: RecordNotes;
  #waiting: WaitingLine[] = [];
  #newestSeq = 0;
  #listener: ArchiveListener | null = null;
  #working: Promise<void> | null = null;
  /** Set while events are released unwritten. */
  #trouble: { missed: number } | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closing: Promise<void> | null = null;

  constructor(options: ArchiveOptions) {
    const { folder, identity, notes } = options;
    this.identity = identity;
    this.folder = folder;
    this.#options = options;
    this.#notes = notes;
    this.#writer = new RecordWriter(options, () => headerLine(identity, this.#notes));
  }

  /** What the record says, as far as it is written. */
  get notes(): RecordNotes {
    return this.#notes;
  }

  /** Bytes of the record on disk. */
  get bytes(): number {
    return this.#writer.bytes;
  }

  /** Whether events were released that are not written. */
  get isBehind(): boolean {
    return this.#trouble !== null;
  }

  listen(listener: ArchiveListener): void {
    this.#listener = listener;
  }

  append(event: SessionEvent): void {
    this.#newestSeq = event.seq;
    this.#add({ event, line: eventLine(event) });
    if (this.#trouble) this.#listener?.released(event.seq);
  }

  /** Writes down what is known beside the events. */
  note(change: Partial<Pick<RecordNotes, 'acknowledged' | 'shares'>>): void {
    this.#notes = { ...this.#notes, ...change };
    this.#add({ event: null, line: noteLine(change) });
  }

  read(after: number, upTo: number): AsyncIterable<SessionEvent> {
    return recordedEvents(this.folder, { after, upTo });
  }

  async close(): Promise<void> {
    await (this.#closing ??= this.#close());
  }

  #add(line: WaitingLine): void {
    this.#waiting.push(line);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.#giveUpWaiting(slowError('more events wait than fit into memory'));
      if (this.#trouble) this.#trouble.missed += 1;
    }
    if (this.#retry === undefined) this.#work();
  }

  #work(): void {
    if (this.#waiting.length === 0) return;
    this.#working ??= this.#write().finally(() => {
      this.#working = null;
      if (this.#retry === undefined) this.#work();
    });
  }

  /** Writes what waits, in one go; what could not be written waits again. */
  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    const slow = setTimeout(() => {
      this.#giveUpWaiting(slowError(`a write takes more than ${patienceMs / 1000} s`));
    }, patienceMs);
    try {
      const firstSeq = lines.find(({ event }) => event !== null)?.event?.seq ?? this.#notes.state.lastSeq + 1;
      await this.#writer.write(lines.map(({ line }) => `${line}\n`).join(''), firstSeq);
      this.#wrote(lines);
    } catch (thrown) {
      this.#waiting = [...lines, ...this.#waiting];
      this.#tryLater(thrown);
    } finally {
      clearTimeout(slow);
    }
  }

  #wrote(lines: readonly WaitingLine[]): void {
    const events = lines.flatMap(({ event }) => event ?? []);
    this.#notes = { ...this.#notes, state: events.reduce(recordedAfter, this.#notes.state) };
    const trouble = this.#trouble;
    this.#trouble = null;
    this.#failures = 0;
    const newest = events.at(-1);
    if (newest !== undefined) this.#listener?.released(newest.seq);
    if (trouble) this.#listener?.recovered(trouble.missed);
  }

  #tryLater(thrown: unknown): void {
    this.#giveUpWaiting(writeError(thrown));
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#work();
    }, delayMs);
    this.#retry.unref();
  }

  /** From now on events are released unwritten. */
  #giveUpWaiting(error: DuetError): void {
    if (this.#trouble) return;
    this.#trouble = { missed: 0 };
    this.#listener?.released(this.#newestSeq);
    this.#listener?.failed(error);
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#work();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.#finish(), patience]);
    clearTimeout(timer);
    clearTimeout(this.#retry);
    this.#options.onClosed(this);
  }

  async #finish(): Promise<void> {
    while (this.#working && this.#failures < 2) await this.#working;
    // The last line repeats everything, so that lists need not read the rest.
    await this.#writer.close(`${headerLine(this.identity, this.#notes)}\n`).catch(() => undefined);
  }
}

/** What an archive is made of. */
interface ArchiveOptions extends WriterOptions {
  readonly identity: RecordIdentity;
  /** What is known so far. */
  readonly notes: RecordNotes;
  /** Called when nothing more will be written. */
  readonly onClosed: (archive: SessionArchive) => void;
}

interface WaitingLine {
  /** Null for a line that keeps house. */
  readonly event: SessionEvent | null;
  readonly line: string;
}

/** Most lines that wait in memory while nothing can be written. */
const mostWaiting = 20_000;

/** How long events wait for a write before they are released without it, in milliseconds. */
const patienceMs = 5000;

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

function slowError(why: string): DuetError {
  return new DuetError('busy', `The record cannot be written in time: ${why}`);
}

/** What a failed write means for people; the codes are those of the system. */
function writeError(thrown: unknown): DuetError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const why = isFull
    ? 'the disk of the server is full: make room on it'
    : `its folder says ${code || String(thrown)}: check that the server may write there`;
  return new DuetError(isFull ? 'storage_full' : 'internal', `The record cannot be written: ${why}`, {
    cause: thrown,
  });
}
