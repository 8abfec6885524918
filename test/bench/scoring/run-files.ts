import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyntheticRun } from './synthetic-runs.js';

/** The files of a run, in a folder that goes away with its scope. */
export interface RunFiles extends Disposable {
  readonly pred: string;
  readonly gold: string;
}

/** Writes a run as JSON lines, line by line. */
export async function writeRun(run: SyntheticRun): Promise<RunFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'duet-bench-scoring-'));
  const files = { pred: join(folder, 'pred.jsonl'), gold: join(folder, 'gold.jsonl') };
  await writeLines(files.pred, run.lines());
  await writeLines(files.gold, run.gold());
  return {
    ...files,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

async function writeLines(file: string, items: Iterable<object>): Promise<void> {
  const stream = createWriteStream(file);
  for (const item of items) {
    if (!stream.write(`${JSON.stringify(item)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}
