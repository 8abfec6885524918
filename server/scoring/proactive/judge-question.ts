import { rateAll, type Rater } from '../judges/rate-case.js';
import { countDuplicates, type DuplicateCount } from './duplicate-replies.js';
import type { ProactiveAnnotation, ProactiveTurn } from './pauc-annotations.js';
import { pauc, type ScoredPoint } from './pauc.js';
import { accumulateReplies, repliesInTurn, type ProactiveReply } from './replies-in-turn.js';
import { replyTiming, type ReplyTiming } from './reply-timing.js';

/** What one question scored, turn by turn. */
export interface ScoredQuestion {
  /** Of every gold turn, what a viewer had understood when. */
  readonly points: readonly (readonly ScoredPoint[])[];
  /** PAUC of every gold turn. */
  readonly turns: readonly number[];
  readonly duplicates: readonly DuplicateCount[];
  readonly timing: ReplyTiming;
}

/** Judges the replies to one question. */
export async function judgeQuestion(
  annotation: ProactiveAnnotation,
  replies: readonly ProactiveReply[],
  rater: Rater,
  omega: number,
): Promise<ScoredQuestion> {
  const inTurns = annotation.answer.map((turn) => ({ turn, inTurn: repliesInTurn(turn, replies) }));
  const points: ScoredPoint[][] = [];
  for (const { turn, inTurn } of inTurns) {
    points.push(await judgePoints(annotation.question, turn, inTurn, rater));
  }
  return {
    points,
    turns: inTurns.map(({ turn }, index) => pauc(turn, points[index] ?? [], omega)),
    duplicates: inTurns.map(({ inTurn }) => countDuplicates(inTurn)),
    timing: replyTiming(
      annotation.answer.map((turn) => turn.reply),
      replies.map((reply) => reply.time),
    ),
  };
}

/** The points of a turn; a reply of the judge that cannot be read makes none. */
async function judgePoints(
  question: string,
  turn: ProactiveTurn,
  replies: readonly ProactiveReply[],
  rater: Rater,
): Promise<ScoredPoint[]> {
  const states = accumulateReplies(replies);
  const cases = states.map(({ texts }) => ({ question, gold: turn.content, prediction: texts.join(' ') }));
  const ratings = await rateAll(cases, rater.rate);
  return states.flatMap(({ time }, index) => {
    const rating = ratings[index] ?? null;
    return rating === null ? [] : [{ time, score: rating - 1 }];
  });
}
