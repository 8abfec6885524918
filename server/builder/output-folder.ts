import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { manifestSchema } from '../runtime/folder/manifest.js';
import { DuetError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { exists } from './json-file.js';

/**
 * A folder that appears all at once: files are written into a temporary sibling and moved at the end.
 * Disposing of it without `publish` leaves nothing behind.
 */
export class OutputFolder implements AsyncDisposable {
  /** Where to write until then. */
  readonly workingPath: string;
  readonly #target: string;

  private constructor(target: string, workingPath: string) {
    this.#target = target;
    this.workingPath = workingPath;
  }

  /** Prepares a build of `target`. Throws `DuetError` 'invalid_request' when that is a file. */
  static async prepare(target: string): Promise<OutputFolder> {
    const path = resolve(target);
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isDirectory()) {
      throw new DuetError('invalid_request', `${path} is a file; name a folder for the built model.`);
    }
    const workingPath = join(dirname(path), `.${basename(path)}.building-${randomUUID()}`);
    await makeFolder(workingPath);
    return new OutputFolder(path, workingPath);
  }

  /**
   * Moves everything to the target. In an existing folder, an earlier model's files are replaced and
   * everything else stays; the manifest is removed first and written last, so that a half-replaced folder
   * never passes for a model.
   */
  async publish(): Promise<void> {
    if (!(await exists(this.#target))) {
      await rename(this.workingPath, this.#target);
      return;
    }
    const outdated = await filesOfModel(this.#target);
    await rm(join(this.#target, manifestName), { force: true });
    for (const name of outdated) await rm(join(this.#target, name), { force: true });
    const names = (await readdir(this.workingPath)).filter((name) => name !== manifestName);
    for (const name of [...names, manifestName]) {
      await rename(join(this.workingPath, name), join(this.#target, name));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.workingPath, { recursive: true, force: true });
  }
}

const manifestName = 'manifest.json';

/** Files that an earlier build put into the folder; none if it has no valid manifest. */
async function filesOfModel(folder: string): Promise<readonly string[]> {
  try {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, manifestName), 'utf8')));
    return Object.keys(manifest.files).filter((name) => basename(name) === name);
  } catch {
    return [];
  }
}
