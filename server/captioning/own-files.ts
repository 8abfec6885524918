import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolder } from '../make-folder.js';

/**
 * The files that were written to a folder, each known by its contents: a file that somebody has changed
 * since, or that was there before, is not ours and is not overwritten. The sums are kept in a file, each
 * before its file is written, so that a kill at any moment leaves no file of ours that is not known.
 */
export class OwnFiles {
  readonly #folder: string;
  readonly #sums: string;
  readonly #known: Set<string>;

  private constructor(folder: string, sums: string, known: Set<string>) {
    this.#folder = folder;
    this.#sums = sums;
    this.#known = known;
  }

  /** Of `folder`; the sums are in the file `sums`, in the form of `sha256sum`. */
  static async open(folder: string, sums: string): Promise<OwnFiles> {
    const text = await readFile(sums, 'utf8').catch(() => '');
    // A line that a kill has torn does not count, and must not swallow the next.
    if (text !== '' && !text.endsWith('\n')) await appendFile(sums, '\n');
    return new OwnFiles(
      folder,
      sums,
      new Set(text.split('\n').filter((line) => /^[0-9a-f]{64} {2}./.test(line))),
    );
  }

  /** Whether a file may be written: it is not there, it has this content, or it is as we left it. */
  async mayWrite(file: string, content?: string): Promise<boolean> {
    const sum = await sumOf(join(this.#folder, file));
    return sum === null || sum === (content && sha256(content)) || this.#known.has(`${sum}  ${file}`);
  }

  /** Writes a file, completely or not at all; one that is already so is left alone. */
  async write(file: string, content: string): Promise<void> {
    const path = join(this.#folder, file);
    const sum = sha256(content);
    await this.#know(`${sum}  ${file}`);
    if ((await sumOf(path)) === sum) return;
    await makeFolder(dirname(path));
    await writeWhole(path, content, `${this.#sums}.unfinished`);
  }

  /** Moves a finished file of the same disk here. */
  async move(from: string, file: string): Promise<void> {
    await this.#know(`${(await sumOf(from)) ?? ''}  ${file}`);
    await rename(from, join(this.#folder, file));
  }

  async #know(line: string): Promise<void> {
    if (this.#known.has(line)) return;
    this.#known.add(line);
    await appendFile(this.#sums, `${line}\n`);
  }
}

/**
 * Writes a file, completely or not at all, by way of `unfinished`, a place on the same disk that is used for
 * one file at a time: what a kill leaves there is not among the user's files, and is overwritten by the next.
 */
export async function writeWhole(path: string, content: string, unfinished: string): Promise<void> {
  await writeFile(unfinished, content, { flush: true });
  await rename(unfinished, path);
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The sum of a file; null if there is none. */
async function sumOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
  return hash.digest('hex');
}
