import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for the files of a test. */
export interface TemporaryFiles extends Disposable {
  /** Writes a file and returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
}

/** Makes a folder that goes away with the scope it was made in. */
export function temporaryFiles(): TemporaryFiles {
  const folder = mkdtempSync(join(tmpdir(), 'duet-scoring-'));
  return {
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
