import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.js';
import { OpenRecordFile, recordFiles, type RecordFileInfo } from './record-files.js';

/**
 * Writes one record into its folder: into files of bounded size, of which the oldest go when the record has
 * become too large. Calls must not overlap. After a failure the next call goes on behind the last whole line.
 */
export class RecordWriter {
  readonly #options: WriterOptions;
  readonly #header: () => string;
  #file: OpenRecordFile | null = null;
  #older: readonly RecordFileInfo[] = [];
  #syncing: ReturnType<typeof setTimeout> | undefined;
  #syncError: unknown = null;

  /** `header` gives the first line of the next file. */
  constructor(options: WriterOptions, header: () => string) {
    this.#options = options;
    this.#header = header;
  }

  /** Bytes of the record on disk. */
  get bytes(): number {
    return this.#older.reduce((sum, { bytes }) => sum + bytes, this.#file?.bytes ?? 0);
  }

  /**
   * Appends whole lines, of which the first event has number `firstSeq`; resolves when the operating system
   * has them. Throws the system's error.
   */
  async write(text: string, firstSeq: number): Promise<void> {
    this.#requireSynced();
    const file = await this.#fileFor(firstSeq);
    await file.append(text);
    this.#syncing ??= setTimeout(() => {
      this.#syncing = undefined;
      file.sync().catch((thrown: unknown) => {
        this.#syncError ??= thrown;
      });
    }, syncMs);
  }

  /** Writes the last lines, forces everything to the disk and lets go of it. */
  async close(text: string): Promise<void> {
    clearTimeout(this.#syncing);
    const file = this.#file;
    if (file === null) return;
    this.#file = null;
    try {
      await file.append(text);
      await file.sync();
    } finally {
      await file.close();
      await rm(join(this.#options.folder, markName), { force: true });
    }
  }

  async #fileFor(firstSeq: number): Promise<OpenRecordFile> {
    this.#file ??= await this.#begin(firstSeq);
    if (this.#file.bytes >= this.#options.fileBytes && firstSeq > this.#file.info.firstSeq) {
      await this.#rotate(this.#file, firstSeq);
    }
    return this.#file;
  }

  /** Goes on with the newest file of the folder, or begins the first. */
  async #begin(firstSeq: number): Promise<OpenRecordFile> {
    const { folder, mark } = this.#options;
    await makeFolder(folder, 0o700);
    await writeFile(join(folder, markName), mark, { mode: 0o600 });
    const files = await recordFiles(folder);
    this.#older = files.slice(0, -1);
    return this.#open(files.at(-1)?.firstSeq ?? firstSeq);
  }

  async #rotate(full: OpenRecordFile, firstSeq: number): Promise<void> {
    clearTimeout(this.#syncing);
    this.#syncing = undefined;
    this.#file = await this.#open(firstSeq);
    this.#older = [...this.#older, { ...full.info, bytes: full.bytes }];
    await full.sync();
    await full.close();
    while (this.bytes > this.#options.sessionBytes && this.#older[0] !== undefined) {
      await rm(this.#older[0].path, { force: true });
      this.#older = this.#older.slice(1);
    }
  }

  async #open(firstSeq: number): Promise<OpenRecordFile> {
    const { folder } = this.#options;
    const file = await OpenRecordFile.open(folder, firstSeq);
    try {
      if (file.bytes === 0) await file.append(`${this.#header()}\n`);
      await syncFolder(folder);
      return file;
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  #requireSynced(): void {
    const thrown = this.#syncError;
    this.#syncError = null;
    if (thrown !== null)
      throw thrown instanceof Error ? thrown : new Error('the disk did not take the record');
  }
}

/** The file that names the server whose session it is; one that ended in order leaves none. */
export const markName = 'owner';

/** Where and how much a record may write. */
export interface WriterOptions {
  readonly folder: string;
  /** What to write into {@link markName}. */
  readonly mark: string;
  /** Size at which the next file is begun. */
  readonly fileBytes: number;
  /** Size beyond which the oldest files of the record are deleted. */
  readonly sessionBytes: number;
}

/** Most milliseconds from a write until it is forced to the disk. */
const syncMs = 1000;

/** Makes new files survive the machine; Windows has no such thing for folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
