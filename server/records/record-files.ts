import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionEvent } from '../duet/record/events.js';
import { cutTornTail, recordedLines, type OnTooLong } from './recorded-lines.js';
import { eventOfLine } from './wire-event.js';

/** The regular files of a record in a folder, oldest first; none if there is no such folder. */
export async function recordFiles(folder: string): Promise<readonly RecordFileInfo[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.flatMap((name) => {
    const first = fileName.exec(name)?.[1];
    return first === undefined ? [] : [{ path: join(folder, name), firstSeq: Number(first) }];
  });
  const sized = await Promise.all(
    found.map(async (file) => {
      const status = await stat(file.path).catch(() => null);
      // Opening a named pipe would wait for its writer. One that was just rotated away counts as empty.
      if (status !== null && !status.isFile()) return [];
      return [{ ...file, bytes: status?.size ?? 0, changedMs: status?.mtimeMs ?? 0 }];
    }),
  );
  return sized.flat().sort((one, other) => one.firstSeq - other.firstSeq);
}

/** One file of a record. */
export interface RecordFileInfo {
  readonly path: string;
  /** The number of the first event that it may hold. */
  readonly firstSeq: number;
  readonly bytes: number;
  /** When it was written last: milliseconds since 1970. */
  readonly changedMs: number;
}

/** The recorded events that a {@link RecordRange} chooses, oldest first. */
export async function* recordedEvents(
  folder: string,
  range: RecordRange = {},
): AsyncGenerator<SessionEvent, void> {
  const { after = 0, upTo = Infinity, skip = () => false, onTooLong } = range;
  const files = await recordFiles(folder);
  for (const [index, { path, firstSeq }] of files.entries()) {
    if (firstSeq > upTo) return;
    if ((files[index + 1]?.firstSeq ?? Infinity) <= after + 1) continue;
    for await (const line of linesOrNone(path, onTooLong)) {
      const event = skip(line) ? null : eventOfLine(line);
      if (event !== null && event.seq > upTo) return;
      if (event !== null && event.seq > after) yield event;
    }
  }
}

/** Which events of a record to read. */
export interface RecordRange {
  /** Only those with a higher number. */
  readonly after?: number;
  /** None with a higher number. */
  readonly upTo?: number;
  /** Lines to leave out unread. */
  readonly skip?: (line: string) => boolean;
  readonly onTooLong?: OnTooLong;
}

/** A file of a record that is being written. Only the newest one of a record is. */
export class OpenRecordFile {
  readonly info: RecordFileInfo;
  readonly #file: FileHandle;
  #bytes: number;
  /** Whether a failed write may have left something behind the last whole line. */
  #torn = false;

  private constructor(file: FileHandle, info: RecordFileInfo) {
    this.#file = file;
    this.info = info;
    this.#bytes = info.bytes;
  }

  /** Creates the file that begins with event `firstSeq`; one that exists is continued. */
  static async open(folder: string, firstSeq: number): Promise<OpenRecordFile> {
    const path = join(folder, `events-${String(firstSeq).padStart(12, '0')}.jsonl`);
    // Only their user may read them: they hold what people said, and what was seen.
    const file = await open(path, 'a+', 0o600).then(async (created) => {
      await created.close();
      await cutTornTail(path);
      return open(path, 'r+');
    });
    const { size: bytes, mtimeMs: changedMs } = await file.stat();
    return new OpenRecordFile(file, { path, firstSeq, bytes, changedMs });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Writes at the end. After a failure nothing of it counts, and the next call begins by cutting it off. */
  async append(text: string): Promise<void> {
    if (this.#torn) await this.#file.truncate(this.#bytes);
    this.#torn = true;
    const data = Buffer.from(text);
    for (let done = 0; done < data.length;) {
      const { bytesWritten } = await this.#file.write(data, done, data.length - done, this.#bytes + done);
      done += bytesWritten;
    }
    this.#bytes += data.length;
    this.#torn = false;
  }

  /** Resolves when what was written survives the machine. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const fileName = /^events-(\d{12,16})\.jsonl$/;

/** A file that is rotated away while others are read has no lines. */
async function* linesOrNone(path: string, onTooLong?: OnTooLong): AsyncGenerator<string, void> {
  try {
    yield* recordedLines(path, { onTooLong });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown;
  }
}
