import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type PredictionSource,
} from '../files/match-predictions.js';
import { isReversed } from '../files/span.js';
import type { QaAnnotation } from '../files/qa-annotations.js';
import { mapInOrder } from '../judges/map-in-order.js';
import type { Judge } from '../judges/judge.js';
import { createRater } from '../judges/rate-case.js';
import { finiteOrNull, mean } from '../statistics/mean.js';
import type { ExampleScore } from './example-score.js';
import { judgeExample, type JudgedExample } from './judge-example.js';
import type { MagqaOptions } from './options.js';
import { selectExamples, type JudgedRow } from './select-examples.js';
import { summarise, type MagqaSummary } from './summary.js';

/** What is scored, and with what. */
export interface MagqaInput {
  readonly source: PredictionSource;
  readonly gold: ReadonlyMap<string, QaAnnotation>;
  readonly judge: Judge;
  readonly options: MagqaOptions;
  /** Called with every judged example in order, for writing a judged file. */
  readonly onJudged?: (example: JudgedExample) => void;
}

/** Everything that was counted on the way. */
export interface MagqaCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  /** Examples whose own result is in the means. */
  readonly nScored: number;
  /** Entries of the means that stand for missing examples. */
  readonly nPadded: number;
  /** Predictions in which the system never spoke. */
  readonly nNoReply: number;
  /** Annotated questions that were never predicted. */
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  /** Predictions of questions without gold turns. */
  readonly nNoGold: number;
  /** Examples left out because their replies have no time and `allMatch` is off. */
  readonly nSkippedTimeless: number;
  /** Gold turns that end before they start, in which no reply can lie. */
  readonly nReversedGold: number;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
}

/** Scores of a MAGQA run. */
export interface MagqaResult extends MagqaSummary {
  /** Mean in-span score over the examples whose replies say when they were delivered; null where none does. */
  readonly inSpanAtDelivery: number | null;
  readonly counts: MagqaCounts;
  readonly examples: readonly ExampleScore[];
}

/** Scores predictions against annotated questions with a judge. Holds the gold and one row per example in memory. */
export async function scoreMagqa(input: MagqaInput): Promise<MagqaResult> {
  const { options, gold, source } = input;
  const tally = emptyTally();
  const rater = createRater(input.judge, options.mode);
  const matches = matchPredictions(source, gold, options, tally);
  const judged: JudgedRow[] = [];
  const work = (matched: Parameters<typeof judgeExample>[1]) =>
    judgeExample(source.file, matched, rater, options);
  for await (const example of mapInOrder(matches, options.concurrency, work)) {
    input.onJudged?.(example);
    judged.push({ score: example.score, startsWithoutTime: example.startsWithoutTime });
  }
  const missing = missingKeys(gold, tally);
  const scorable = missing.filter((key) => gold.get(key)?.answer.length !== 0);
  const selection = selectExamples(judged, scorable.length, options);
  return {
    ...summarise(selection.examples, selection.padTo),
    inSpanAtDelivery: meanAtDelivery(selection.examples),
    examples: selection.examples,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: selection.examples.length,
      nPadded: Math.max(0, selection.padTo - selection.examples.length),
      nNoReply: judged.filter(({ score }) => score.turns === 0).length,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nNoGold: judged.filter(({ score }) => score.inSpan === null).length,
      nSkippedTimeless: selection.skippedTimeless,
      nReversedGold: countReversed(gold),
      nJudgeCalls: rater.calls(),
      nUnparsableReplies: rater.unparsable(),
    },
  };
}

function meanAtDelivery(examples: readonly ExampleScore[]): number | null {
  const values = examples.flatMap(({ inSpanAtDelivery }) =>
    inSpanAtDelivery === null ? [] : [inSpanAtDelivery],
  );
  return finiteOrNull(mean(values));
}

function countReversed(gold: ReadonlyMap<string, QaAnnotation>): number {
  let reversed = 0;
  for (const { answer } of gold.values()) reversed += answer.filter((turn) => isReversed(turn.span)).length;
  return reversed;
}
