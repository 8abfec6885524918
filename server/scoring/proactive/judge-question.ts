import { rateAll, rateOnce, type Rater } from '../judges/rate-case.js';
import { countDuplicates, type DuplicateCount } from './duplicate-replies.js';
import type { ProactiveAnnotation, ProactiveTurn } from './pauc-annotations.js';
import { pauc, type ScoredPoint } from './pauc.js';
import { accumulateReplies, repliesInTurn, type ProactiveReply } from './replies-in-turn.js';
import type { QuestionReplies } from './replies-of-prediction.js';
import { replyTiming, type ReplyTiming } from './reply-timing.js';

/** What one question scored, turn by turn. */
export interface ScoredQuestion {
  /** Of every gold turn, what a viewer had understood when. */
  readonly points: readonly (readonly ScoredPoint[])[];
  /** PAUC of every gold turn. */
  readonly turns: readonly number[];
  /** The same with every reply at the time a viewer had it; null where that was not measured. */
  readonly turnsAtDelivery: readonly number[] | null;
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
  const rate = rateOnce(rater);
  const points = await pointsOfTurns(annotation, spoken, rate);
  const scoresOf = (pointsOfAll: readonly (readonly ScoredPoint[])[]) =>
    annotation.answer.map((turn, index) => pauc(turn, pointsOfAll[index] ?? [], omega));
  return {
    points,
    turns: scoresOf(points),
    turnsAtDelivery: delivered === null ? null : scoresOf(await pointsOfTurns(annotation, delivered, rate)),
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
): Promise<ScoredPoint[][]> {
  const points: ScoredPoint[][] = [];
  for (const turn of answer) {
    points.push(await judgePoints(question, turn, repliesInTurn(turn, replies), rate));
  }
  return points;
}

/** The points of a turn; a reply of the judge that cannot be read makes none. */
async function judgePoints(
  question: string,
  turn: ProactiveTurn,
  replies: readonly ProactiveReply[],
  rate: Rater['rate'],
): Promise<ScoredPoint[]> {
  const states = accumulateReplies(replies);
  const cases = states.map(({ texts }) => ({ question, gold: turn.content, prediction: texts.join(' ') }));
  const ratings = await rateAll(cases, rate);
  return states.flatMap(({ time }, index) => {
    const rating = ratings[index] ?? null;
    return rating === null ? [] : [{ time, score: rating - 1 }];
  });
}
