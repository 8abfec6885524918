import { join } from 'node:path';
import type { AnswerMemory } from '../../server/scoring/runner/runs/answer-memory.js';
import { judgingBy } from '../../server/scoring/judges/judging-plan.js';
import type { BenchmarkPlan } from '../../server/scoring/runner/plan.js';
import { runBenchmark } from '../../server/scoring/runner/run-benchmark.js';
import type { BenchmarkOutcome, CardBenchmark } from './card-benchmarks.js';
import { factsOf, type QuestionFacts } from './facts/question-facts.js';
import { annotationsOf, type TestSplit } from './test-split.js';
import type { Variant } from './variants.js';

/**
 * Plays and scores a benchmark as `duet bench` does, in its own folder, where a stopped run continues. Throws
 * what that throws, also for a clip that cannot be played.
 */
export async function playBenchmark(
  variant: Variant,
  cardBenchmark: CardBenchmark,
  thresholds: readonly number[] | null,
  runs: CardRuns,
  signal: AbortSignal,
): Promise<BenchmarkOutcome> {
  const facts: QuestionFacts[] = [];
  const plan = { ...planOf(variant, cardBenchmark, runs), ...(thresholds !== null && { thresholds }) };
  const { report, points, nQuestions } = await runBenchmark(plan, {
    signal,
    memory: runs.memory,
    onAnswer: (answer) => {
      facts.push(factsOf(answer, runs.split.labels));
    },
  });
  return { report, points, nQuestions, facts };
}

/** What all runs of one card have in common. */
export interface CardRuns {
  /** Folders of both builds of the model. */
  readonly models: Readonly<Record<Variant['build'], string>>;
  /** Those that are played: the same, or copies with the eye of the split. */
  readonly folders: Readonly<Record<Variant['build'], string>>;
  readonly split: TestSplit;
  readonly development: TestSplit | null;
  /** Where runs are kept, so that they can continue. */
  readonly work: string;
  /** Only so many questions of every benchmark; null for all. */
  readonly quick: number | null;
  /** Questions played at once; null for one a processor core. */
  readonly jobs: number | null;
  readonly memory: AnswerMemory;
}

function planOf(
  { name, changes, build }: Variant,
  { benchmark, key }: CardBenchmark,
  { folders, split, development, work, quick, jobs }: CardRuns,
): BenchmarkPlan {
  const { judging, choice } = benchmark;
  const choosing = choice !== null && development !== null;
  return {
    benchmark,
    model: folders[build],
    questions: { annotations: annotationsOf(split, benchmark), videos: split.clips },
    ...(choosing && {
      development: { annotations: annotationsOf(development, benchmark), videos: development.clips },
    }),
    // Without a development split: the values fixed before any figure was seen.
    ...(choice !== null && development === null && { rules: choice.fixed }),
    ...(judging !== null && { judging: judgingBy(`exact:${split.grammar}`, 'strict') }),
    folder: join(work, name, key),
    ...{ failFast: true, allowBundledFfmpeg: true, limit: quick ?? undefined, jobs: jobs ?? undefined },
    ...changes,
  };
}
