import { fileFault } from '../files/file-fault.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type PredictionSource,
} from '../files/match-predictions.js';
import { assistantTurns, type Prediction } from '../files/prediction.js';
import { isReversed } from '../files/span.js';
import { countCalls, type CountedJudge } from '../judges/counted-judge.js';
import type { Judge } from '../judges/judge.js';
import { lastStandAlone } from '../judges/read-reply.js';
import type { Mode } from '../mode.js';
import { finiteOrNull, mean } from '../statistics/mean.js';
import type { ScoredExample } from '../statistics/slices.js';
import { countDuplicates, type DuplicateCount } from './duplicate-replies.js';
import type { ProactiveAnnotation, ProactiveTurn } from './pauc-annotations.js';
import { pauc, type ScoredPoint } from './pauc.js';
import { accumulateReplies, repliesInTurn, type ProactiveReply } from './replies-in-turn.js';
import { addTimings, replyTiming, type ReplyTiming } from './reply-timing.js';

/** How proactive answers are scored. */
export interface PaucOptions {
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  /** Whether annotated questions without a prediction count as never answered, or not at all. */
  readonly missing: 'silent' | 'skip';
  /** How far points move to the start of their turn: 0 takes timing fully into account, 1 not at all. */
  readonly omega: number;
}

/** Everything that was counted on the way. */
export interface PaucCounts {
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
}

/** Scores of proactive answering. Ratios are null where there is nothing to take a share of. */
export interface PaucResult {
  readonly meanOverTurns: number | null;
  readonly meanOverVideos: number | null;
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

interface ScoredQuestion {
  readonly turns: readonly number[];
  readonly duplicates: readonly DuplicateCount[];
  readonly timing: ReplyTiming;
}

/** Scores proactive predictions with a judge. */
export async function scorePauc(
  source: PredictionSource,
  gold: ReadonlyMap<string, ProactiveAnnotation>,
  judge: Judge,
  options: PaucOptions,
): Promise<PaucResult> {
  const tally = emptyTally();
  const counted = countCalls(judge);
  const unparsable = { count: 0 };
  const scored = new Map<string, ScoredQuestion>();
  for await (const { key, prediction, annotation } of matchPredictions(source, gold, options, tally)) {
    const replies = repliesOf(source.file, prediction);
    scored.set(key, await scoreQuestion(annotation, replies, counted, unparsable, options));
  }
  const missing = missingKeys(gold, tally);
  for (const key of options.missing === 'silent' ? missing : []) {
    const annotation = gold.get(key);
    if (annotation !== undefined)
      scored.set(key, await scoreQuestion(annotation, [], counted, unparsable, options));
  }
  const turns = [...gold.values()].flatMap((annotation) => annotation.answer);
  const summary = summarise(scored, gold);
  return {
    ...summary,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: scored.size,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nTurns: [...scored.values()].reduce((total, question) => total + question.turns.length, 0),
      nReversedGold: turns.filter((turn) => isReversed(turn.reply)).length,
      nRepeatedReplies: summary.duplicates.duplicates,
      nRepeatableReplies: summary.duplicates.considered,
      nJudgeCalls: counted.calls(),
      nUnparsableReplies: unparsable.count,
    },
  };
}

function repliesOf(file: string, prediction: Prediction): ProactiveReply[] {
  if (prediction.type === 'online') return assistantTurns(prediction.turns);
  const place = { file, line: prediction.line, field: 'model_response' };
  throw fileFault(place, 'a text without reply times has no PAUC; model_response_list is needed');
}

async function scoreQuestion(
  annotation: ProactiveAnnotation,
  replies: readonly ProactiveReply[],
  judge: CountedJudge,
  unparsable: { count: number },
  { omega }: PaucOptions,
): Promise<ScoredQuestion> {
  const turns: number[] = [];
  const duplicates: DuplicateCount[] = [];
  for (const turn of annotation.answer) {
    const inTurn = repliesInTurn(turn, replies);
    const points = await judgePoints(annotation.question, turn, inTurn, judge, unparsable);
    turns.push(pauc(turn, points, omega));
    duplicates.push(countDuplicates(inTurn));
  }
  const spans = annotation.answer.map((turn) => turn.reply);
  const timing = replyTiming(
    spans,
    replies.map((reply) => reply.time),
  );
  return { turns, duplicates, timing };
}

async function judgePoints(
  question: string,
  turn: ProactiveTurn,
  replies: readonly ProactiveReply[],
  judge: CountedJudge,
  unparsable: { count: number },
): Promise<ScoredPoint[]> {
  const points: ScoredPoint[] = [];
  for (const { time, texts } of accumulateReplies(replies)) {
    const judgeCase = { question, gold: turn.content, prediction: texts.join(' ') };
    const rating = lastStandAlone(String(await judge.rate(judgeCase, 'coverage')), '1-3');
    if (rating === null) unparsable.count += 1;
    else points.push({ time, score: rating - 1 });
  }
  return points;
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
    duplicateRatio: finiteOrNull(duplicates.duplicates / duplicates.considered),
    duplicates,
    outOfSpanRatio: finiteOrNull(timing.nOutOfSpan / timing.nReplies),
    firstReplyLatency: finiteOrNull(mean(timing.firstReplyLatencies)),
    timing,
    turns: new Map([...scored].map(([id, question]) => [id, question.turns])),
    examples,
  };
}

function totalOf(questions: readonly ScoredQuestion[], value: (count: DuplicateCount) => number): number {
  return questions
    .flatMap((question) => question.duplicates)
    .reduce((total, count) => total + value(count), 0);
}
