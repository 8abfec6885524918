import { emptyTally, matchPredictions, type PredictionSource } from '../../data/match-predictions.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import type { Gold } from '../../data/unique-ids.js';
import { mapInOrder } from '../../data/map-in-order.js';
import type { Judge } from '../../judges/judge.js';
import { createRater } from '../../judges/rating/rater.js';
import { judgeExample, type JudgedExample } from './judge-example.js';
import { resultOf, type MagqaResult } from './magqa-result.js';
import type { MagqaOptions } from './options.js';
import type { JudgedRow } from './select-examples.js';

export type { MagqaCounts, MagqaResult } from './magqa-result.js';

/** What is scored, and with what. */
export interface MagqaInput {
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
