import type { PredictionSource } from '../data/match-predictions.js';
import type { QuestionId } from '../data/question-id.js';
import type { Mode } from '../mode.js';
import type { BatchRequest } from './batch-request.js';
import type { Judge, Rubric } from './judge.js';
import type { JudgedBy } from './judged-by.js';

/**
 * What `duet judge` needs of a benchmark whose predictions are rated by a judge. A benchmark that has one of
 * these can be judged into a file, live and through the batch API.
 */
export interface JudgedBenchmark {
  /** What the benchmark is called in the files of a batch. */
  readonly task: string;
  /** What is asked of the judge. */
  readonly rubric: Rubric;
  /**
   * Reads the annotations of a file; what it returns may be run as often as one likes. Throws, naming file
   * and line, for a file that cannot be judged against.
   */
  openGold(file: string, rules: JudgingRules): Promise<JudgePredictions>;
}

/** By which rules predictions are judged. */
export interface JudgingRules {
  readonly mode: Mode;
  /** Whether a prediction without annotation is a fault or left out. */
  readonly unknown: 'fail' | 'skip';
  /** Whether the replies of a question are judged as one; only where the benchmark knows it. */
  readonly concat: boolean;
}

/** Judges predictions against the annotations that were opened. Throws for a bad line, naming it. */
export type JudgePredictions = (run: {
  readonly source: PredictionSource;
  readonly judge: Judge;
  /** How many predictions may wait for the judge at once. */
  readonly concurrency: number;
  /** Told of every judged prediction, in the order of the source. */
  readonly onJudged: (judged: JudgedPrediction) => void;
}) => Promise<JudgedCounts>;

/** One prediction after judging. */
interface JudgedPrediction {
  /** What a judged file says of it. */
  line(by: JudgedBy): JudgedFields;
  /** The requests by which it would be judged in a batch. */
  requests(): readonly BatchRequest[];
}

/** A line of a judged file, as it is written; benchmarks add what they were judged against. */
export interface JudgedFields {
  readonly question_id: QuestionId;
  readonly evaluator_output: unknown;
  readonly n_unparsable_replies?: number | undefined;
  readonly judge?: JudgedBy;
}

/** What was counted while judging. */
export interface JudgedCounts {
  readonly nPredictions: number;
  readonly nUnknown: number;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
}
