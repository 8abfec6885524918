import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { SessionOwner } from '../duet/record/session-state.js';
import type { SessionEvent } from '../duet/record/events.js';
import { DuetError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { answerAsOwner, callOwner, ownerSocketPath, removeOwnerSocket } from '../owner-socket.js';
import { OneAtATime } from '../concurrency/one-at-a-time.js';
import { mapInOrder } from '../concurrency/map-in-order.js';
import { KnownSummaries } from './known-summaries.js';
import { recordedEvents, type RecordRange } from './record-files.js';
import { noNotes } from './record-line.js';
import { tooLongLine, type OnTooLong } from './recorded-lines.js';
import { readRecordedSource, writeRecordedSource } from './recorded-source.js';
import { expiredRecords, type RecordLimits } from './retention.js';
import { SessionArchive } from './session-archive.js';
import { readStoredRecord, type StoredRecord } from './stored-record.js';

/**
 * The records of all sessions in one folder: a folder for each session. Servers may share it; each knows the
 * sessions of the others by a socket that answers while their server lives.
 */
export class RecordStore implements AsyncDisposable {
  readonly folder: string;
  readonly #limits: RecordLimits;
  readonly #now: () => number;
  /** Names this server's sessions. */
  readonly #mark: string;
  readonly #socket: Server | null;
  readonly #open = new Map<string, SessionArchive>();
  readonly #known: KnownSummaries;
  readonly #tellTooLong: OnTooLong;
  readonly #sources = new OneAtATime();
  readonly #sweeping: ReturnType<typeof setInterval>;
  #swept: Promise<void>;

  private constructor(options: StoreOptions, mark: string, socket: Server | null) {
    this.folder = options.folder;
    this.#limits = options.limits;
    this.#now = options.now ?? Date.now;
    this.#mark = mark;
    this.#socket = socket;
    this.#tellTooLong = tellOnce(options.log);
    this.#known = new KnownSummaries(this.#tellTooLong);
    this.#swept = this.#sweep();
    this.#sweeping = setInterval(() => {
      this.sweep().catch(() => undefined);
    }, sweepEveryMs);
    this.#sweeping.unref();
  }

  /** Never throws: where the folder cannot be written, each session says so. */
  static async open(options: StoreOptions): Promise<RecordStore> {
    const mark = `server-${randomBytes(4).toString('hex')}`;
    await makeFolder(options.folder, 0o700).catch(() => undefined);
    const socket = await answerAsOwner(ownerSocketPath(options.folder, mark));
    return new RecordStore(options, mark, socket);
  }

  /** Begins the record of a new session; nothing is written before its first event. */
  begin(id: string, owner: SessionOwner): SessionArchive {
    const identity = { id, owner, openedAt: this.#now() };
    return this.#archive({ identity, notes: noNotes });
  }

  /** Goes on with a record that nobody writes. Throws 'busy' if a server does. */
  resume(record: StoredRecord): SessionArchive {
    if (record.isOpen || this.#open.has(record.identity.id)) {
      throw new DuetError('busy', 'The session is open in another server, or just being opened again');
    }
    return this.#archive(record);
  }

  /** The archive of a session that is open here. */
  opened(id: string): SessionArchive | null {
    return this.#open.get(id) ?? null;
  }

  /** The record of a session; null if there is none. Throws 'unsupported' if a later Duet wrote it. */
  async find(id: string): Promise<StoredRecord | null> {
    const archive = this.#open.get(id);
    if (archive) {
      const { identity, notes, bytes } = archive;
      return { identity, notes, bytes, isOpen: true };
    }
    return isRecordName(id) ? readStoredRecord(join(this.folder, id), this.#mark, this.#known) : null;
  }

  /** All records, the newest first; those that cannot be read are left out. */
  async list(): Promise<readonly StoredRecord[]> {
    const names = new Set([...(await readdir(this.folder).catch(() => [])), ...this.#open.keys()]);
    this.#known.keepOnly((path) => names.has(basename(dirname(path))));
    const records: StoredRecord[] = [];
    for await (const record of mapInOrder(names, atOnce, (name) => this.find(name).catch(() => null))) {
      if (record !== null) records.push(record);
    }
    return records.sort((one, other) => other.identity.openedAt - one.identity.openedAt);
  }

  /** The recorded events of a session, oldest first; none where there is no record. */
  events(id: string, range?: RecordRange): AsyncIterable<SessionEvent> {
    const folder = join(this.folder, isRecordName(id) ? id : '-');
    return recordedEvents(folder, { ...range, onTooLong: this.#tellTooLong });
  }

  /**
   * Remembers what an open session watches; with null forgets it. A source that cannot be remembered is not
   * opened again.
   */
  rememberSource(id: string, source: object | null): void {
    if (source !== null && !this.#open.has(id)) return;
    void this.#sources.run(() => writeRecordedSource(join(this.folder, id), source)).catch(() => undefined);
  }

  /** What a session watched when it stopped, unchecked; null if nothing can be opened again. */
  rememberedSource(id: string): Promise<unknown> {
    return readRecordedSource(join(this.folder, isRecordName(id) ? id : '-'));
  }

  /** Deletes a record. Throws 'invalid_request' while its session is open. */
  async delete(id: string): Promise<void> {
    const record = await this.find(id);
    if (record?.isOpen === true)
      throw new DuetError('invalid_request', 'The session is open: close it before its record is deleted');
    if (isRecordName(id)) await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** Deletes what exceeds the limits, the sessions that ended first before others. */
  async sweep(): Promise<void> {
    this.#swept = this.#swept.then(() => this.#sweep());
    await this.#swept;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeping);
    await Promise.all([...this.#open.values()].map((archive) => archive.close()));
    await this.#swept.catch(() => undefined);
    this.#socket?.close();
  }

  #archive({ identity, notes }: Pick<StoredRecord, 'identity' | 'notes'>): SessionArchive {
    const archive = new SessionArchive({
      ...{ identity, notes, mark: this.#mark, folder: join(this.folder, identity.id) },
      ...{ fileBytes: this.#limits.fileBytes, sessionBytes: this.#limits.sessionBytes },
      onClosed: () => {
        this.#open.delete(identity.id);
        this.sweep().catch(() => undefined);
      },
    });
    this.#open.set(identity.id, archive);
    return archive;
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      if (!isMark(name) || name === this.#mark) continue;
      const path = ownerSocketPath(this.folder, name);
      if ((await callOwner(path)) === 'ECONNREFUSED') await removeOwnerSocket(path);
    }
    for (const { identity } of expiredRecords(await this.list(), this.#limits, this.#now())) {
      await this.delete(identity.id).catch(() => undefined);
    }
  }
}

interface StoreOptions {
  readonly folder: string;
  readonly limits: RecordLimits;
  /** Wall time in milliseconds since 1970; default the system's. */
  readonly now?: () => number;
  /** Writes a line about what is wrong with a record; default: nothing does. */
  readonly log?: (message: string) => void;
}

const sweepEveryMs = 600_000;

/** Records that are read at once where all of them are. */
const atOnce = 16;

/** Tells of each file once, as long as they are not too many. */
function tellOnce(log?: StoreOptions['log']): OnTooLong {
  const told = new Set<string>();
  return (path) => {
    if (told.has(path) || told.size >= mostTold) return;
    told.add(path);
    log?.(tooLongLine(path));
  };
}

const mostTold = 1000;

function isMark(name: string): boolean {
  return /^server-[0-9a-f]{8}$/.test(name);
}

/** Ids come from clients: only names of the kind that we give are names of folders. */
function isRecordName(id: string): boolean {
  return /^[\w-]{1,64}$/.test(id) && !isMark(id);
}
