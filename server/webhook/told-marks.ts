import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.js';

/**
 * How far each session is told, on disk: a file for each session that is not told to its end, with the number
 * of its last event of which nothing more is to be told. What is there when a server starts was left by one
 * that was killed.
 */
export class ToldMarks {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens or creates the folder of the marks. */
  static async open(folder: string): Promise<ToldMarks> {
    await makeFolder(folder, 0o700);
    return new ToldMarks(folder);
  }

  /** The marks that there are. */
  async list(): Promise<readonly ToldMark[]> {
    const sessions = (await readdir(this.#folder)).filter((name) => /^[\w-]{1,64}$/.test(name));
    const read = sessions.map(async (sessionId) => {
      return { sessionId, seq: Number(await readFile(join(this.#folder, sessionId), 'utf8')) };
    });
    return (await Promise.all(read)).filter(({ seq }) => Number.isSafeInteger(seq));
  }

  /** Sets the mark of a session. Calls for one session must not overlap. */
  async set({ sessionId, seq }: ToldMark): Promise<void> {
    const unfinished = join(this.#folder, `${sessionId}.new`);
    await writeFile(unfinished, String(seq), { flush: true, mode: 0o600 });
    await rename(unfinished, join(this.#folder, sessionId));
  }

  /** Forgets a session, which is told to its end. */
  async remove(sessionId: string): Promise<void> {
    await rm(join(this.#folder, sessionId), { force: true });
  }
}

/** A session, and the number of an event in it. */
interface ToldMark {
  readonly sessionId: string;
  readonly seq: number;
}
