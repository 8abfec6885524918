import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark } from '../../server/scoring/benchmark.js';
import { readLabels, type Labels } from './facts/labels.js';
import { answering, inOrderOfCommands, proactiveAnswering, type CardBenchmark } from './card-benchmarks.js';
import { DuetError } from '../../server/errors.js';

/** A rendered split. */
export interface TestSplit {
  readonly folder: string;
  readonly clips: string;
  /** The card's benchmarks that it has annotations for, in the order of the commands. */
  readonly benchmarks: readonly CardBenchmark[];
  /** The eye that reads the detections which were painted into its clips; null for clips of pictures. */
  readonly eye: string | null;
  /** The grammar the exact judge reads replies with. */
  readonly grammar: string;
  /** Labels of the questions, by id; empty if the split has none. */
  readonly labels: ReadonlyMap<string, Labels>;
  /** Changes with the annotations, the grammar, the eye, and the names and sizes of the clips. */
  readonly hash: string;
  readonly clipCount: number;
}

/**
 * Finds a split. It needs questions to answer, in both forms; what it has no annotations for is not played.
 * The grammar is its own, else the model's. Throws 'not_found' naming what is missing, and what reading
 * throws.
 */
export async function findSplit(folder: string, modelFolder: string): Promise<TestSplit> {
  const clips = join(folder, 'clips');
  const needed = [answering, proactiveAnswering].map(({ benchmark }) => annotationsOf({ folder }, benchmark));
  for (const path of [clips, ...needed]) requireThere(path, folder);
  const found = inOrderOfCommands().filter(({ benchmark }) =>
    existsSync(annotationsOf({ folder }, benchmark)),
  );
  const annotations = found.map(({ benchmark }) => annotationsOf({ folder }, benchmark));
  const grammars = [join(folder, 'grammar.json'), join(modelFolder, 'grammar.json')];
  const grammar = grammars.find((path) => existsSync(path));
  if (grammar === undefined)
    throw new DuetError(
      'not_found',
      `the exact judge needs the world's grammar.json, in ${folder} or ${modelFolder}; ` +
        'models/training/write_grammar.py writes it',
    );
  const files = (await readdir(clips)).filter((name) => name.endsWith('.mp4')).sort();
  const labels = join(folder, 'annotations', 'slices.json');
  const eye = [join(folder, 'eye.onnx')].find((path) => existsSync(path)) ?? null;
  return {
    ...{ folder, clips, benchmarks: found, eye, grammar, clipCount: files.length },
    labels: existsSync(labels) ? await readLabels(labels) : new Map(),
    hash: await hashOf([...annotations, grammar, ...(eye === null ? [] : [eye])], clips, files),
  };
}

/** The annotations of a benchmark in a split. */
export function annotationsOf({ folder }: Pick<TestSplit, 'folder'>, { annotationFile }: Benchmark): string {
  return join(folder, 'annotations', annotationFile);
}

function requireThere(path: string, folder: string): void {
  if (existsSync(path)) return;
  const remedy = `render one: models/training/make_benchmark.py --out ${folder}, or name another with --test`;
  throw new DuetError('not_found', `${path}: no such part of a test split; ${remedy}`);
}

async function hashOf(texts: readonly string[], clips: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(await readFile(text));
  for (const name of names) hash.update(`${name} ${(await stat(join(clips, name))).size}\n`);
  return hash.digest('hex').slice(0, 16);
}
