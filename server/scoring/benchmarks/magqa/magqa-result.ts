import { missingKeys, type MatchTally } from '../../data/match-predictions.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import { addTimings, replyTiming } from '../../data/reply-timing.js';
import { isReversed } from '../../data/span.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import type { ExampleScore } from './in-span-score.js';
import type { MagqaOptions } from './rules.js';
import { lowestRating } from './score-matrix.js';
import { selectExamples, type JudgedRow } from './select-examples.js';

/** The counts of a MAGQA run. */
interface MagqaCounts {
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
  /** Replies before their question; only `strict` leaves them out. */
  readonly nBeforeQuestion: number;
  /** Gold turns that end before they start, in which no reply can lie. */
  readonly nReversedGold: number;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
  /** Cases the judge did not take; of a judged file, entries of its matrices. */
  readonly nNotJudged: number;
  /** Examples left out of the means because the judge accepted none of their replies. */
  readonly nLeftOut: number;
}

/** Scores of a MAGQA run. */
export interface MagqaResult extends MagqaSummary {
  /**
   * Mean in-span score at delivery time, over the examples whose replies say when that was and the silent and
   * missing ones; null where no reply says it.
   */
  readonly inSpanAtDelivery: number | null;
  /** Share of the timed replies that lie in no gold span; null without any. */
  readonly outOfSpanRatio: number | null;
  /** Mean seconds from the start of a gold span to the first reply in it; null where no span got one. */
  readonly firstReplyLatency: number | null;
  readonly counts: MagqaCounts;
  readonly examples: readonly ExampleScore[];
}

/** What a result needs in addition to the judged examples. */
interface ResultParts {
  readonly gold: ReadonlyMap<string, QaAnnotation>;
  readonly tally: MatchTally;
  readonly options: MagqaOptions;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
  readonly nNotJudged: number;
}

/** The result of a run over its judged examples, in order. */
export function resultOf(judged: readonly JudgedRow[], parts: ResultParts): MagqaResult {
  const { gold, tally, options } = parts;
  const missing = missingKeys(gold, tally);
  const selection = selectExamples(judged, silentScores(missing, gold), options);
  return {
    ...summarise(selection.examples, selection.padTo),
    inSpanAtDelivery: meanAtDelivery(selection.examples, selection.padTo),
    ...timingOf(selection.examples),
    examples: selection.examples,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: selection.nJudged,
      nPadded: Math.max(selection.padTo, selection.examples.length) - selection.nJudged,
      nNoReply: judged.filter(({ score }) => score.turns === 0).length,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nNoGold: judged.filter(({ score }) => score.inSpan === null && !score.isLeftOut).length,
      nSkippedTimeless: selection.skippedTimeless,
      nBeforeQuestion: judged.reduce((total, { score }) => total + score.turnsBeforeQuestion, 0),
      nReversedGold: countReversed(gold),
      nJudgeCalls: parts.nJudgeCalls,
      nUnparsableReplies: parts.nUnparsableReplies,
      nNotJudged: parts.nNotJudged,
      nLeftOut: judged.filter(({ score }) => score.isLeftOut).length,
    },
  };
}

/** A question that was never predicted scores like silence; without gold turns it has no score. */
function silentScores(keys: readonly string[], gold: ReadonlyMap<string, QaAnnotation>): ExampleScore[] {
  return keys.flatMap((key) => {
    const annotation = gold.get(key);
    if (annotation === undefined || annotation.answer.length === 0) return [];
    const spans = annotation.answer.map((turn) => turn.span);
    return [
      {
        questionId: annotation.questionId,
        inSpan: lowestRating,
        isLeftOut: false,
        inSpanAtDelivery: null,
        best: lowestRating,
        turns: 0,
        turnsBeforeQuestion: 0,
        turnsDedup: 0,
        timing: replyTiming(spans, []),
        tags: annotation.tags,
      },
    ];
  });
}

function timingOf(
  examples: readonly ExampleScore[],
): Pick<MagqaResult, 'outOfSpanRatio' | 'firstReplyLatency'> {
  const timing = addTimings(examples.map((example) => example.timing));
  return {
    outOfSpanRatio: finiteOrNull(timing.nOutOfSpan / timing.nReplies),
    firstReplyLatency: finiteOrNull(mean(timing.firstReplyLatencies)),
  };
}

/** Silence counts here as in the headline; otherwise speaking rarely would raise the score. */
function meanAtDelivery(examples: readonly ExampleScore[], padTo: number): number | null {
  if (examples.every(({ inSpanAtDelivery }) => inSpanAtDelivery === null)) return null;
  const values = examples.map(({ turns, inSpan, inSpanAtDelivery }) =>
    turns === 0 ? inSpan : inSpanAtDelivery,
  );
  const missing = new Array<number>(Math.max(0, padTo - examples.length)).fill(lowestRating);
  return finiteOrNull(mean([...values.filter((value) => value !== null), ...missing]));
}

function countReversed(gold: ReadonlyMap<string, QaAnnotation>): number {
  let reversed = 0;
  for (const { answer } of gold.values()) reversed += answer.filter((turn) => isReversed(turn.span)).length;
  return reversed;
}

/** The means of a run over the examples, padding included. */
interface MagqaSummary {
  /** Headline: mean in-span score, 1..5; null where nothing was scored. */
  readonly inSpan: number | null;
  readonly best: number | null;
  readonly turns: number | null;
  readonly turnsDedup: number | null;
  /**
   * Share of replies that repeat an earlier one of their example, 1 - distinct / all; null without replies.
   */
  readonly duplicateRatio: number | null;
  /** In-span values that went into the mean, padding last. */
  readonly inSpanValues: readonly number[];
}

/**
 * Averages examples, each of the four lists filled up to `padTo` entries: an example that is missing scores 1
 * and has no turns. An example without gold turns has no in-span score, so padding replaces it.
 */
export function summarise(examples: readonly ExampleScore[], padTo: number): MagqaSummary {
  const inSpanValues = padded(
    examples.flatMap((example) => (example.inSpan === null ? [] : [example.inSpan])),
    lowestRating,
    padTo,
  );
  const turns = padded(
    examples.map((example) => example.turns),
    0,
    padTo,
  );
  const turnsDedup = padded(
    examples.map((example) => example.turnsDedup),
    0,
    padTo,
  );
  const best = padded(
    examples.map((example) => example.best),
    lowestRating,
    padTo,
  );
  return {
    inSpan: finiteOrNull(mean(inSpanValues)),
    best: finiteOrNull(mean(best)),
    turns: finiteOrNull(mean(turns)),
    turnsDedup: finiteOrNull(mean(turnsDedup)),
    duplicateRatio: finiteOrNull(1 - mean(turnsDedup) / mean(turns)),
    inSpanValues,
  };
}

function padded(values: readonly number[], filler: number, length: number): number[] {
  const missing = Math.max(0, length - values.length);
  return [...values, ...new Array<number>(missing).fill(filler)];
}
