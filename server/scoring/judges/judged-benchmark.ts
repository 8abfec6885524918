import type { PredictionSource } from '../data/match-predictions.js';
import type { QuestionId } from '../data/question-id.js';
import type { Mode } from '../mode.js';
import type { BatchRequest } from './batch-request.js';
import type { Judge, Rubric } from './judge.js';
import type { JudgedBy } from './judged-by.js';

/**
 * What `duet judge` needs from a benchmark whose predictions are rated by a judge, live or through the batch
 * API.
 */
export interface JudgedBenchmark {
  /** What the benchmark is called in the files of a batch. */
  readonly task: string;
  /** What is asked of the judge. */
  readonly rubric: Rubric;
  /**
   * Reads the annotations in a file; the function it returns may be called any number of times. Throws,
   * naming file and line, if the file cannot be used.
   */
  openGold(file: string, rules: JudgingRules): Promise<JudgePredictions>;
}

/** The rules for judging predictions. */
export interface JudgingRules {
  readonly mode: Mode;
  /** Whether a prediction without annotation is an error or skipped. */
  readonly unknown: 'fail' | 'skip';
  /** Whether the replies to a question are judged as one, if the benchmark supports that. */
  readonly concat: boolean;
}

/** Judges predictions against the opened annotations. Throws for a bad line, naming it. */
export type JudgePredictions = (run: {
  readonly source: PredictionSource;
  readonly judge: Judge;
  /** How many predictions may wait for the judge at once. */
  readonly concurrency: number;
  /** Called with every judged prediction, in the order of the source. */
  readonly onJudged: (judged: JudgedPrediction) => void;
}) => Promise<JudgedCounts>;

/** One prediction after judging. */
interface JudgedPrediction {
  /** Its line in a judged file. */
  line(by: JudgedBy): JudgedFields;
  /** The requests that would judge it in a batch. */
  requests(): readonly BatchRequest[];
}

/** A line of a judged file as written; benchmarks add further fields. */
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
