import type {
  JudgedFileRequest,
  JudgedScorer,
  JudgedScoring,
  RatedExample,
  ScoringRequest,
} from '../../benchmark.js';
import { mapInOrder } from '../../../concurrency/map-in-order.js';
import {
  emptyTally,
  matchPredictions,
  type Predictions,
  type PredictionSource,
} from '../../data/match-predictions.js';
import { readQaAnnotations, type QaAnnotation } from '../../data/qa-annotations.js';
import { openPredictions } from '../../data/read-predictions.js';
import type { Gold } from '../../data/annotations.js';
import type { Judge } from '../../judges/judge.js';
import { createRater } from '../../judges/rating/rater.js';
import type { TaskReport } from '../../report/report.js';
import { requestsOfExample } from './batch-requests.js';
import { ratingsOfExample } from './example-ratings.js';
import { judgeExample, type JudgedExample } from './judge-example.js';
import { judgedFields } from './judged-line.js';
import { magqaReport } from './magqa-report.js';
import { resultOf, type MagqaResult } from './magqa-result.js';
import type { MagqaOptions, MagqaRules } from './rules.js';
import { scoreJudged } from './score-judged.js';
import type { JudgedRow } from './select-examples.js';

/** Reads the annotated questions and scores predictions against them with a judge. */
export async function openMagqa(request: ScoringRequest<MagqaRules>): Promise<JudgedScorer> {
  const gold = await readQaAnnotations(request.annotations, request.mode);
  const score = async (predictions: Predictions, judging: JudgedScoring): Promise<TaskReport> => {
    const { judge, concurrency, onRated } = judging;
    const options = { ...optionsOf(request), concurrency };
    const source = openPredictions(predictions, { frames: false });
    const onJudged = (example: JudgedExample): void => {
      onRated?.(ratedExample(example, options));
    };
    const result = await scoreMagqa({ source, gold, judge, options, onJudged });
    return magqaReport(result, judge, options);
  };
  return { type: 'judged', gold, score };
}

/** Scores a judged file; without annotations, unpredicted questions are unknown. */
export async function scoreMagqaJudged(
  file: string,
  request: JudgedFileRequest & { readonly rules: MagqaRules },
): Promise<TaskReport> {
  const { annotations, mode } = request;
  const gold = annotations === null ? null : await readQaAnnotations(annotations, mode);
  const options = optionsOf(request);
  const { result, judge } = await scoreJudged(file, gold, options);
  const report = magqaReport(result, judge, options);
  const note =
    'no annotations were given, so questions nobody predicted are not known; give --gold to count them';
  return gold === null ? { ...report, notes: [...report.notes, note] } : report;
}

function optionsOf({
  mode,
  unknown,
  rules,
}: Omit<ScoringRequest<MagqaRules>, 'annotations' | 'development'>): MagqaOptions {
  const { numExamples, allMatch, pad, concat } = rules;
  return { mode, numExamples: numExamples ?? null, allMatch, pad, concat, unknown, concurrency: 1 };
}

/** `compat` leaves silent examples out of judged files, as published. */
function ratedExample(example: JudgedExample, { mode }: MagqaOptions): RatedExample {
  const isKept = mode === 'strict' || example.score.turns > 0;
  return {
    questionId: example.score.questionId,
    fields: isKept ? (judge) => judgedFields(example, judge) : null,
    requests: () => requestsOfExample(example, mode),
    ratings: () => ratingsOfExample(example),
  };
}

/** What is scored, and with what. */
interface MagqaInput {
  readonly source: PredictionSource;
  readonly gold: Gold<QaAnnotation>;
  readonly judge: Judge;
  readonly options: MagqaOptions;
  /** Called with every judged example in order, for writing a judged file. */
  readonly onJudged?: (example: JudgedExample) => void;
}

/**
 * Scores predictions against annotated questions with a judge. Holds the gold and one row per example in
 * memory.
 */
export async function scoreMagqa(input: MagqaInput): Promise<MagqaResult> {
  const { options, gold, source } = input;
  const tally = emptyTally();
  const rater = createRater(input.judge, options.mode, 'agreement');
  const matches = matchPredictions(source, gold, options, tally);
  const judged: JudgedRow[] = [];
  const work = (matched: Parameters<typeof judgeExample>[1]) =>
    judgeExample(source.file, matched, rater, options);
  for await (const example of mapInOrder(matches, options.concurrency, work)) {
    input.onJudged?.(example);
    judged.push({ score: example.score, startsWithoutTime: example.startsWithoutTime });
  }
  return resultOf(judged, {
    gold,
    tally,
    options,
    nJudgeCalls: rater.calls(),
    nUnparsableReplies: rater.unparsable(),
    nNotJudged: rater.notJudged(),
  });
}
