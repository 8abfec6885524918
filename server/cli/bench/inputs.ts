import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageFolder } from '../../package-folder.js';
import { DuetError } from '../../errors.js';
import type { Benchmark } from '../../scoring/benchmark.js';
import { findVideo, pathWithin, rememberedFolders } from '../../scoring/runner/find-video.js';
import { readQuestions, type Question } from '../../scoring/data/question.js';
import { jsonOf } from '../../scoring/data/question-id.js';

/** Annotations and videos of one split. */
export interface BenchInput {
  readonly annotations: string;
  readonly videos: string;
  /** All questions of the file, or the first of them where fewer were asked for. */
  readonly questions: readonly Question[];
  /** All questions of the file. */
  readonly annotated: readonly Question[];
  /** Changes when what is played changes, whatever becomes of the gold answers. */
  readonly questionsHash: string;
  /** Changes when the gold answers change. */
  readonly goldHash: string;
  /** Videos found under another name than in the annotations, such as another extension. */
  readonly substitutes: readonly Substitute[];
  /** Whether any of the questions has an answer to be scored by. */
  readonly answered: boolean;
  /** Whether this is the test set that comes with the program. */
  readonly bundled: boolean;
}

/** A video that annotations name, and the file that is played for it. */
interface Substitute {
  readonly named: string;
  readonly found: string;
}

/** Folder of the bundled test set: `clips/` and `annotations/`. */
export const bundledTestSet = join(packageFolder, 'samples', 'benchmark');

/** Folder of its clips. */
export const bundledVideos = join(bundledTestSet, 'clips');

/** The split a benchmark is about, and the one its threshold is chosen on. */
export interface BenchInputs {
  readonly test: BenchInput;
  readonly development: BenchInput | null;
}

/** The files of both splits. Throws what {@link findInput} throws, for either. */
export async function findInputs(
  benchmark: Benchmark,
  { annotations, videos, limit, devAnnotations, devVideos }: InputFlags,
): Promise<BenchInputs> {
  const test = await findInput(benchmark, {
    ...(annotations && { annotations }),
    ...(videos && { videos }),
    ...(limit && { limit }),
  });
  if (devAnnotations === undefined) return { test, development: null };
  const named = { annotations: devAnnotations, ...(devVideos && { videos: devVideos }) };
  return { test, development: await findInput(benchmark, named) };
}

/** Flags that name annotations and videos. */
export interface InputFlags {
  readonly annotations?: string;
  readonly videos?: string;
  readonly limit?: number;
  readonly devAnnotations?: string;
  readonly devVideos?: string;
}

/**
 * The files named by flags, or the bundled ones by default. Videos are looked for beside their
 * annotations unless a folder is given. Throws 'not_found' and what reading throws.
 */
async function findInput(
  { annotationFile }: Benchmark,
  named: { annotations?: string; videos?: string; limit?: number },
): Promise<BenchInput> {
  const bundled = named.annotations === undefined;
  if (bundled && named.videos !== undefined) {
    throw new DuetError(
      'invalid_request',
      `--videos ${named.videos} needs --annotations: the questions to ask of the videos`,
    );
  }
  const annotations = named.annotations ?? join(bundledTestSet, 'annotations', annotationFile);
  const videos = named.videos ?? (bundled ? bundledVideos : dirname(annotations));
  if (!existsSync(videos))
    throw new DuetError(
      'not_found',
      `${videos}: no such folder; name the folder of the videos with --videos`,
    );
  const questions = await readQuestions(annotations);
  return {
    ...{ annotations, videos, bundled, answered: true },
    substitutes: substitutesIn(videos, questions),
    questions: questions.slice(0, named.limit ?? questions.length),
    annotated: questions,
    questionsHash: hashOf(
      questions.map(({ questionId, video, conversation }) => [questionId, video, conversation]),
    ),
    goldHash: hashOf(questions.map(({ questionId, gold }) => [questionId, gold])),
  };
}

/** Videos that are found under another name. */
function substitutesIn(videos: string, questions: readonly Question[]): Substitute[] {
  const list = rememberedFolders();
  const names = new Set(questions.map(({ video }) => video));
  return [...names].flatMap((named) => {
    try {
      const path = findVideo([videos], named, list);
      const found = relative(videos, path);
      return path === pathWithin(videos, named) ? [] : [{ named, found }];
    } catch (thrown) {
      // Whoever plays it says so.
      if (thrown instanceof DuetError) return [];
      throw thrown;
    }
  });
}

function hashOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(jsonOf(facts)).digest('hex').slice(0, 16);
}
