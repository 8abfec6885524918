import { fileFault } from '../../data/json/file-fault.js';
import { mapInOrder } from '../../../concurrency/map-in-order.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type Matched,
  type MatchTally,
  type PredictionSource,
} from '../../data/match-predictions.js';
import type { OnlinePrediction, Prediction } from '../../data/prediction.js';
import { addTimings, type ReplyTiming } from '../../data/reply-timing.js';
import { isReversed } from '../../data/span.js';
import type { Gold } from '../../data/annotations.js';
import type { Judge } from '../../judges/judge.js';
import { createRater, type Rater } from '../../judges/rating/rater.js';
import type { Mode } from '../../mode.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import type { ScoredExample } from '../../statistics/slices.js';
import { judgeQuestion, type DuplicateCount, type ScoredQuestion } from './judge-question.js';
import type { ProactiveAnnotation } from './pauc-annotations.js';
import { repliesOfPrediction, silence } from './replies.js';

/** How proactive answers are scored. */
export interface PaucOptions {
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  /** Whether annotated questions without a prediction count as never answered, or not at all. */
  readonly missing: 'silent' | 'skip';
  /** How far points move to the start of their turn: 0 takes timing fully into account, 1 not at all. */
  readonly omega: number;
  /** How many questions may wait for the judge at once; one unless said otherwise. */
  readonly concurrency?: number;
}

/** Everything that was counted on the way. */
interface PaucCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  readonly nScored: number;
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  readonly nTurns: number;
  readonly nReversedGold: number;
  /** Exact repetitions within a turn, and the replies that could have been some. */
  readonly nRepeatedReplies: number;
  readonly nRepeatableReplies: number;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
  /** Cases the judge did not take. */
  readonly nNotJudged: number;
  /** Gold turns left out of the means because the judge did not take all of their cases. */
  readonly nLeftOut: number;
}

/** Scores of proactive answering. Ratios are null where there is nothing to take a share of. */
export interface PaucResult {
  readonly meanOverTurns: number | null;
  readonly meanOverVideos: number | null;
  /**
   * Mean over turns with every reply at the time a viewer had it, over the questions whose replies say when
   * that was and the silent and missing ones; null where no reply says it.
   */
  readonly meanAtDelivery: number | null;
  /** Share of exact repetitions among the replies that could repeat one within their turn. */
  readonly duplicateRatio: number | null;
  readonly duplicates: DuplicateCount;
  readonly outOfSpanRatio: number | null;
  /** Mean seconds from the start of a turn to the first reply in it, over the turns that got one. */
  readonly firstReplyLatency: number | null;
  readonly timing: ReplyTiming;
  /** PAUC of every turn, by question. */
  readonly turns: ReadonlyMap<string, readonly number[]>;
  readonly examples: readonly ScoredExample[];
  readonly counts: PaucCounts;
}

/** A prediction after judging. */
export interface JudgedQuestion {
  readonly matched: Matched<ProactiveAnnotation>;
  readonly prediction: OnlinePrediction;
  readonly scored: ScoredQuestion;
}

/** Scores proactive predictions with a judge; `onJudged` is called with every judged prediction in order. */
export async function scorePauc(
  source: PredictionSource,
  gold: Gold<ProactiveAnnotation>,
  judge: Judge,
  options: PaucOptions,
  onJudged: (question: JudgedQuestion) => void = () => undefined,
): Promise<PaucResult> {
  const tally = emptyTally();
  const rater = createRater(judge, options.mode, 'coverage');
  const scored = new Map<string, ScoredQuestion>();
  const matches = matchPredictions(source, gold, options, tally);
  const judged = mapInOrder(matches, options.concurrency ?? 1, (matched) =>
    judgeMatched(source.file, matched, rater, options),
  );
  for await (const question of judged) {
    onJudged(question);
    scored.set(question.matched.key, question.scored);
  }
  for (const [key, annotation] of options.missing === 'silent' ? gold : []) {
    if (!scored.has(key)) scored.set(key, await judgeQuestion(annotation, silence, rater, options.omega));
  }
  const summary = summarise(scored, gold);
  return { ...summary, counts: countsOf(scored, gold, tally, rater, summary.duplicates) };
}

function countsOf(
  scored: ReadonlyMap<string, ScoredQuestion>,
  gold: ReadonlyMap<string, ProactiveAnnotation>,
  tally: MatchTally,
  rater: Rater,
  { duplicates, considered }: DuplicateCount,
): PaucCounts {
  return {
    nGold: gold.size,
    nPredictions: tally.nPredictions,
    nScored: scored.size,
    nMissing: missingKeys(gold, tally).length,
    nUnknown: tally.nUnknown,
    nDuplicate: tally.nDuplicate,
    nTurns: countTurns(scored),
    nReversedGold: countReversed(gold),
    nRepeatedReplies: duplicates,
    nRepeatableReplies: considered,
    nJudgeCalls: rater.calls(),
    nUnparsableReplies: rater.unparsable(),
    nNotJudged: rater.notJudged(),
    nLeftOut: countLeftOut(scored),
  };
}

async function judgeMatched(
  file: string,
  matched: Matched<ProactiveAnnotation>,
  rater: Rater,
  { mode, omega }: PaucOptions,
): Promise<JudgedQuestion> {
  const prediction = requireOnline(file, matched.prediction);
  const replies = repliesOfPrediction(prediction, mode);
  return { matched, prediction, scored: await judgeQuestion(matched.annotation, replies, rater, omega) };
}

function countTurns(scored: ReadonlyMap<string, ScoredQuestion>): number {
  return [...scored.values()].reduce((total, question) => total + question.turns.length, 0);
}

function countLeftOut(scored: ReadonlyMap<string, ScoredQuestion>): number {
  return [...scored.values()].flatMap(({ points }) => points.filter((ofTurn) => ofTurn === null)).length;
}

function countReversed(gold: ReadonlyMap<string, ProactiveAnnotation>): number {
  const turns = [...gold.values()].flatMap((annotation) => annotation.answer);
  return turns.filter((turn) => isReversed(turn.reply)).length;
}

function requireOnline(file: string, prediction: Prediction): OnlinePrediction {
  if (prediction.type === 'online') return prediction;
  const place = { file, line: prediction.line, field: 'model_response' };
  throw fileFault(place, 'a text without reply times has no PAUC; model_response_list is needed');
}

function summarise(
  scored: ReadonlyMap<string, ScoredQuestion>,
  gold: ReadonlyMap<string, ProactiveAnnotation>,
): Omit<PaucResult, 'counts'> {
  const questions = [...scored.values()];
  const withTurns = [...scored].filter(([, question]) => question.turns.length > 0);
  const examples = withTurns.map(([id, { turns }]) => {
    return { id, value: mean(turns), tags: gold.get(id)?.tags ?? {} };
  });
  const duplicates = {
    duplicates: totalOf(questions, (count) => count.duplicates),
    considered: totalOf(questions, (count) => count.considered),
  };
  const timing = addTimings(questions.map((question) => question.timing));
  return {
    meanOverTurns: finiteOrNull(mean(questions.flatMap((question) => question.turns))),
    meanOverVideos: finiteOrNull(mean(examples.map((example) => example.value))),
    meanAtDelivery: meanAtDelivery(questions),
    duplicateRatio: finiteOrNull(duplicates.duplicates / duplicates.considered),
    duplicates,
    outOfSpanRatio: finiteOrNull(timing.nOutOfSpan / timing.nReplies),
    firstReplyLatency: finiteOrNull(mean(timing.firstReplyLatencies)),
    timing,
    turns: new Map([...scored].map(([id, question]) => [id, question.turns])),
    examples,
  };
}

/**
 * Silence is silence at any time, so it counts here as it does in the headline: else speaking rarely would
 * pay.
 */
function meanAtDelivery(questions: readonly ScoredQuestion[]): number | null {
  if (questions.every(({ turnsAtDelivery }) => turnsAtDelivery === null)) return null;
  const values = questions.flatMap(({ turns, turnsAtDelivery, timing }) =>
    timing.nReplies === 0 ? turns : (turnsAtDelivery ?? []),
  );
  return finiteOrNull(mean(values));
}

function totalOf(questions: readonly ScoredQuestion[], value: (count: DuplicateCount) => number): number {
  return questions
    .flatMap((question) => question.duplicates)
    .reduce((total, count) => total + value(count), 0);
}
