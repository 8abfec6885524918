import { DuetError } from '../errors.js';
import type {
  Benchmark,
  GivenRules,
  JudgedScorer,
  JudgedScoring,
  RatedExample,
  Scorer,
} from './benchmark.js';
import { carryOnWriting, nothingFound } from './data/json/json-lines-file.js';
import type { Predictions, PredictionSource } from './data/match-predictions.js';
import { jsonLine } from './data/question-id.js';
import type { Gold } from './data/annotations.js';
import type { JudgeIdentity } from './judges/judge.js';
import { judgedBy } from './judges/judged-by.js';
import type { JudgingEstimate } from './judges/asking/estimate.js';
import { openJudging, type JudgingHooks } from './judges/judging.js';
import type { JudgingPlan } from './judges/judging-plan.js';
import { judgingNotes } from './judges/report/judging-notes.js';
import type { Mode } from './mode.js';
import type { TaskReport } from './report/report.js';

/** Files to score, and by which rules. */
export interface ScoringPlan {
  readonly benchmark: Benchmark;
  /** File of the predictions, from any system. */
  readonly predictions: string;
  /** File of the annotations. */
  readonly annotations: string;
  readonly mode: Mode;
  /** How to treat predictions for questions without an annotation. */
  readonly unknown: 'fail' | 'skip';
  readonly rules: GivenRules;
  /** Files of the split on which the benchmark's choice is made; null to leave it to the rules. */
  readonly development: { readonly annotations: string; readonly predictions: string } | null;
  /** How the judge is asked; null where the benchmark needs none. */
  readonly judging: JudgingPlan | null;
  /** A judged file to write the ratings into; null for none. */
  readonly saveJudged: string | null;
}

/** A scored run, or an estimate of what judging it would cost. */
type ScoringOutcome =
  | { readonly type: 'scored'; readonly report: TaskReport }
  | { readonly type: 'estimated'; readonly judge: JudgeIdentity; readonly estimate: JudgingEstimate };

/**
 * Scores a file of predictions, or, for a dry run, estimates what judging it would cost. Throws what reading
 * and judging throw, and 'invalid_request' if no question has an answer.
 */
export async function scoreFiles(plan: ScoringPlan, hooks: JudgingHooks): Promise<ScoringOutcome> {
  const { benchmark, predictions, annotations, saveJudged } = plan;
  const scorer = await benchmark.open(plan);
  requireAnswers(annotations, scorer.gold);
  if (scorer.type === 'plain' || plan.judging === null || saveJudged === null) {
    return scorePredictions(scorer, predictions, plan.judging, hooks);
  }
  return scorePredictions(savingRatings(scorer, saveJudged, plan.judging), predictions, plan.judging, hooks);
}

/** Scores predictions with an opened scorer; `onRated` is called with every rated example. */
export async function scorePredictions(
  scorer: Scorer,
  predictions: Predictions,
  judging: JudgingPlan | null,
  hooks: JudgingHooks,
  onRated: NonNullable<JudgedScoring['onRated']> = () => undefined,
): Promise<ScoringOutcome> {
  const scored = (report: TaskReport): ScoringOutcome => {
    return { type: 'scored', report: withUnlabelled(report, scorer.gold) };
  };
  if (scorer.type === 'plain') return scored(await scorer.score(predictions));
  if (judging === null) throw new DuetError('invalid_request', 'a judge is needed, and none is named');
  const opened = await openJudging(judging, hooks);
  const outcome = await opened.run({
    dryRun: (judge) => scorer.score(predictions, { judge, concurrency: 1 }),
    score: (judge, concurrency) => scorer.score(predictions, { judge, concurrency, onRated }),
  });
  if (outcome.type === 'estimated') return outcome;
  const { result, judging: report } = outcome;
  return scored({ ...result, judging: report, notes: [...result.notes, ...judgingNotes(report)] });
}

/** An empty set of predictions, which is how silence is scored. */
export function noPredictions(): PredictionSource {
  const done = { done: true, value: undefined } as const;
  const predictions = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(done) }) };
  return { file: 'predictions.jsonl', predictions };
}

/** Wraps a scorer so that it also writes every example to a judged file as soon as it is rated. */
function savingRatings(scorer: JudgedScorer, file: string, { mode, swap }: JudgingPlan): JudgedScorer {
  return {
    ...scorer,
    score: async (predictions, judging) => {
      // A dry run does not report its examples.
      if (judging.onRated === undefined) return scorer.score(predictions, judging);
      const lines = carryOnWriting(file, nothingFound);
      const by = judgedBy(judging.judge, mode, swap);
      const onRated = (example: RatedExample): void => {
        if (example.fields !== null) lines.writeLine(jsonLine(example.fields(by)));
      };
      try {
        return await scorer.score(predictions, { ...judging, onRated });
      } finally {
        lines.close();
      }
    },
  };
}

/** Throws 'invalid_request' if none of the questions has an answer, so there is nothing to score. */
export function requireAnswers(file: string, gold: Gold<unknown>): void {
  const nUnlabelled = gold.unlabelled?.size ?? 0;
  if (gold.size > 0 || nUnlabelled === 0) return;
  const message = `${file}: none of the ${nUnlabelled} questions has an answer, so there is nothing to score`;
  throw new DuetError('invalid_request', message);
}

/** The report with a count of the questions that have no answer. */
function withUnlabelled(report: TaskReport, gold: Gold<unknown>): TaskReport {
  const nUnlabelled = gold.unlabelled?.size ?? 0;
  if (nUnlabelled === 0) return report;
  const note = `${nUnlabelled} questions have no answer and are not scored`;
  return { ...report, counts: { ...report.counts, nUnlabelled }, notes: [...report.notes, note] };
}
