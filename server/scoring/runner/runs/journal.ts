import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { dropTornLine } from '../../data/json/json-lines-file.js';
import { jsonOf, questionKey, type QuestionId } from '../../data/question-id.js';
import { readLines } from '../../data/json/read-lines.js';
import { playedSchema, type Played } from '../../data/played.js';

/**
 * The questions that were played, one a line in the order in which they finished, after a first line with the
 * settings.
 *
 * - A line is written before the next question begins; if the process is killed, only the running questions
 *   are lost.
 * - A torn last line is cut off when the journal is opened again.
 * - Only the position of each line is kept in memory, not its content.
 */
export class Journal implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #places = new Map<string, Place>();
  #end = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /**
   * Opens or creates a journal. Throws 'invalid_request', naming what differs, if it belongs to a run under
   * other settings.
   */
  static async open(file: string, run: RunIdentity): Promise<Journal> {
    if (existsSync(file)) dropTornLine(file);
    const handle = await open(file, 'a+');
    const journal = new Journal(handle);
    try {
      await journal.#read(file, run);
      return journal;
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** How many questions were played. */
  get size(): number {
    return this.#places.size;
  }

  has(id: QuestionId): boolean {
    return this.#places.has(questionKey(id, 'strict'));
  }

  /**
   * Adds a played question; resolves once it is written to the file. A question that is already there stays
   * as it is.
   */
  async add(played: Played): Promise<void> {
    if (this.has(played.question_id)) return;
    this.#writing = this.#writing.then(() => this.#append(played));
    await this.#writing;
  }

  /** What was recorded for a question, or null. */
  async get(id: QuestionId): Promise<Played | null> {
    const place = this.#places.get(questionKey(id, 'strict'));
    if (place === undefined) return null;
    const bytes = Buffer.alloc(place.length);
    await this.#handle.read(bytes, 0, place.length, place.offset);
    return playedSchema.parse(JSON.parse(bytes.toString('utf8')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#handle.close();
  }

  async #append(played: Played): Promise<void> {
    await this.#write(played);
    this.#remember(played.question_id, Buffer.byteLength(jsonOf(played)));
  }

  async #write(value: unknown): Promise<void> {
    await this.#handle.appendFile(`${jsonOf(value)}\n`);
  }

  #remember(id: QuestionId, length: number): void {
    const key = questionKey(id, 'strict');
    if (!this.#places.has(key)) this.#places.set(key, { offset: this.#end, length });
    this.#end += length + 1;
  }

  async #read(file: string, run: RunIdentity): Promise<void> {
    let first = true;
    for await (const { number, text } of readLines(file)) {
      const length = Buffer.byteLength(text);
      if (first) requireSameRun(file, text, run);
      else {
        const parsed = playedSchema.safeParse(parse(text));
        if (!parsed.success) throw damaged(file, number);
        this.#remember(parsed.data.question_id, length);
        continue;
      }
      first = false;
      this.#end += length + 1;
    }
    // A blank line, for example, would shift all positions after it.
    if (this.#end !== (await this.#handle.stat()).size) throw damaged(file, 1);
    if (!first) return;
    const head = { duet_bench: 1, run };
    await this.#write(head);
    this.#end = Buffer.byteLength(JSON.stringify(head)) + 1;
  }
}

/** What must be equal for a run to continue where another one stopped, by name. */
export type RunIdentity = Readonly<Record<string, unknown>>;

const headSchema = z.strictObject({ duet_bench: z.literal(1), run: z.record(z.string(), z.unknown()) });

interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A short hash that is equal for equal runs. */
export function fingerprint(run: RunIdentity): string {
  return createHash('sha256').update(JSON.stringify(run)).digest('hex').slice(0, 16);
}

function requireSameRun(file: string, text: string, run: RunIdentity): void {
  const head = headSchema.safeParse(parse(text));
  if (!head.success) throw damaged(file, 1);
  // Compared as JSON, so that values JSON does not distinguish count as equal.
  const now = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(run)));
  const before = head.data.run;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const other = names.find((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
  if (other === undefined) return;
  const said = `${other} was ${JSON.stringify(before[other])} and is now ${JSON.stringify(now[other])}`;
  throw new DuetError(
    'invalid_request',
    `${file}: belongs to a run under other settings: ${said}; choose ` +
      'another output folder, or start over with --restart',
  );
}

function damaged(file: string, line: number): DuetError {
  return new DuetError(
    'invalid_request',
    `${file}:${line}: is not a line of a benchmark's journal; choose ` +
      'another output folder, or start over with --restart',
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
