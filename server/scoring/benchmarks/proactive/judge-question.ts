import { replyTiming, type ReplyTiming } from '../../data/reply-timing.js';
import { rateAll, rateOnce, type Rater } from '../../judges/rating/rater.js';
import type { ProactiveAnnotation, ProactiveTurn } from './pauc-annotations.js';
import { pauc, type ScoredPoint } from './pauc.js';
import { accumulateReplies, repliesInTurn, type ProactiveReply, type QuestionReplies } from './replies.js';

/** What one question scored, turn by turn. */
export interface ScoredQuestion {
  /**
   * Of every gold turn, what a viewer had understood when; null for a turn of which the judge did not take
   * everything.
   */
  readonly points: readonly (readonly ScoredPoint[] | null)[];
  /** PAUC of every gold turn that was judged. */
  readonly turns: readonly number[];
  /** The same with every reply at the time a viewer had it; null where that was not measured. */
  readonly turnsAtDelivery: readonly number[] | null;
  /** Distinct cases whose replies held no rating; they make no point. */
  readonly nUnparsable: number;
  readonly duplicates: readonly DuplicateCount[];
  readonly timing: ReplyTiming;
}

/** Judges the replies to one question. */
export async function judgeQuestion(
  annotation: ProactiveAnnotation,
  { spoken, delivered }: QuestionReplies,
  rater: Rater,
  omega: number,
): Promise<ScoredQuestion> {
  const { rate, unparsable } = rateOnce(rater);
  const points = await pointsOfTurns(annotation, spoken, rate);
  const scoresOf = (pointsOfAll: ScoredQuestion['points']) =>
    annotation.answer.flatMap((turn, index) => {
      const ofTurn = pointsOfAll[index];
      return ofTurn === null ? [] : [pauc(turn, ofTurn ?? [], omega)];
    });
  const turnsAtDelivery =
    delivered === null ? null : scoresOf(await pointsOfTurns(annotation, delivered, rate));
  return {
    points,
    turns: scoresOf(points),
    turnsAtDelivery,
    nUnparsable: unparsable(),
    duplicates: annotation.answer.map((turn) => countDuplicates(repliesInTurn(turn, spoken))),
    timing: replyTiming(
      annotation.answer.map((turn) => turn.reply),
      spoken.map((reply) => reply.time),
    ),
  };
}

async function pointsOfTurns(
  { question, answer }: ProactiveAnnotation,
  replies: readonly ProactiveReply[],
  rate: Rater['rate'],
): Promise<(ScoredPoint[] | null)[]> {
  const points: (ScoredPoint[] | null)[] = [];
  for (const turn of answer) {
    points.push(await judgePoints(question, turn, repliesInTurn(turn, replies), rate));
  }
  return points;
}

/** The points of a turn, null where the judge did not take a case; a reply that cannot be read makes none. */
async function judgePoints(
  question: string,
  turn: ProactiveTurn,
  replies: readonly ProactiveReply[],
  rate: Rater['rate'],
): Promise<ScoredPoint[] | null> {
  const states = accumulateReplies(replies);
  const cases = states.map(({ texts }) => ({ question, gold: turn.content, prediction: texts.join(' ') }));
  const ratings = await rateAll(cases, rate);
  if (ratings.includes('not_judged')) return null;
  return states.flatMap(({ time }, index) => {
    const rating = ratings[index];
    return typeof rating === 'number' ? [{ time, score: rating - 1 }] : [];
  });
}

/** Repetitions within gold turns. */
export interface DuplicateCount {
  readonly duplicates: number;
  /** Replies that could have been duplicates: all but the first of each turn. */
  readonly considered: number;
}

/** Counts the replies of one gold turn whose exact text was already given in it. */
function countDuplicates(repliesOfTurn: readonly ProactiveReply[]): DuplicateCount {
  const distinct = new Set(repliesOfTurn.map((reply) => reply.content)).size;
  return {
    duplicates: repliesOfTurn.length - distinct,
    considered: Math.max(0, repliesOfTurn.length - 1),
  };
}
