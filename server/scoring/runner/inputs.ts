import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageFolder } from '../../package-folder.js';
import { DuetError } from '../../errors.js';
import type { Benchmark } from '../benchmark.js';
import { findVideo, pathWithin, rememberedFolders } from './play/find-video.js';
import type { Question } from '../data/question.js';
import { jsonOf } from '../data/question-id.js';
import type { BenchmarkPlan, QuestionFiles } from './plan.js';

/** Annotations and videos of one split. */
export interface BenchmarkInput {
  readonly annotations: string;
  readonly videos: string;
  /** All questions of the file, or only the first ones if limited. */
  readonly questions: readonly Question[];
  /** All questions of the file. */
  readonly annotated: readonly Question[];
  /** Changes when the questions change, but not with the gold answers. */
  readonly questionsHash: string;
  /** Changes when the gold answers change. */
  readonly goldHash: string;
  /** Videos found under another name than in the annotations, such as another extension. */
  readonly substitutes: readonly Substitute[];
  /** Whether any question has an answer to score against. */
  readonly answered: boolean;
  /** Whether this is the test set that comes with the program. */
  readonly bundled: boolean;
}

/** A video named by annotations, and the file played in its place. */
interface Substitute {
  readonly named: string;
  readonly found: string;
}

/** Folder of the bundled test set: `clips/` and `annotations/`. */
export const bundledTestSet = join(packageFolder, 'samples', 'benchmark');

/** Folder of its clips. */
export const bundledVideos = join(bundledTestSet, 'clips');

/** The split that is scored, and the one its threshold is chosen on. */
export interface BenchmarkInputs {
  readonly test: BenchmarkInput;
  readonly development: BenchmarkInput | null;
}

/** The questions and videos of a plan's splits. Throws 'not_found' and what reading throws, for either. */
export async function findInputs({
  benchmark,
  questions,
  limit,
  development,
}: BenchmarkPlan): Promise<BenchmarkInputs> {
  const test = await findInput(benchmark, questions ?? null, limit ?? Infinity);
  const other = development === undefined ? null : await findInput(benchmark, development, Infinity);
  return { test, development: other };
}

/**
 * Videos are expected next to their annotations unless a folder is given; null means the bundled test set.
 */
async function findInput(
  { annotationFile, readQuestions }: Benchmark,
  files: QuestionFiles | null,
  limit: number,
): Promise<BenchmarkInput> {
  const annotations = files?.annotations ?? join(bundledTestSet, 'annotations', annotationFile);
  const videos = files === null ? bundledVideos : (files.videos ?? dirname(annotations));
  if (!existsSync(videos))
    throw new DuetError(
      'not_found',
      `${videos}: no such folder; name the folder of the videos with --videos`,
    );
  const annotated = await readQuestions(annotations);
  return {
    ...{ annotations, videos, bundled: files === null, answered: true, annotated },
    substitutes: substitutesIn(videos, annotated),
    questions: annotated.slice(0, limit),
    questionsHash: hashOf(
      annotated.map(({ questionId, video, conversation }) => [questionId, video, conversation]),
    ),
    goldHash: hashOf(annotated.map(({ questionId, gold }) => [questionId, gold])),
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
      // Reported when the question is played.
      if (thrown instanceof DuetError) return [];
      throw thrown;
    }
  });
}

function hashOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(jsonOf(facts)).digest('hex').slice(0, 16);
}
