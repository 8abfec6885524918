import type { BenchmarkResult } from '../../server/scoring/runner/run-benchmark.js';
import type { QuestionFacts } from './question-facts.js';

/** A benchmark played under one variant. */
export interface Outcome extends Pick<BenchmarkResult, 'report' | 'points' | 'nQuestions'> {
  readonly facts: readonly QuestionFacts[];
}
