import { mean } from '../../../../server/scoring/statistics/mean.js';
import { holdsAbout, isOf } from './judge-statement.js';
import { scoreClip, type ClipScore } from './score-clip.js';

/** What replies to several questions are worth together; null where there is nothing to take a share of. */
export interface RealFigures {
  readonly clips: number;
  readonly minutes: number;
  readonly replies: number;
  readonly false_replies: number;
  readonly false_a_minute: number | null;
  /**
   * Events that were to be told, and the share that was; one to one: each reply tells only as many as it
   * says.
   */
  readonly events: number;
  readonly recall: number | null;
  readonly recall_one_to_one: number | null;
  /** Right or undecided replies of all that claim something; one to one: telling again does not count. */
  readonly precision: number | null;
  readonly precision_one_to_one: number | null;
  /** The same of the very same replies at other times. */
  readonly chance: { readonly precision: number | null; readonly recall_one_to_one: number | null } | null;
  /** Numbers that were said where one is labelled, and how many of them are exact, and within one. */
  readonly numbers: {
    readonly said: number;
    readonly exact: number | null;
    readonly within_one: number | null;
  };
  readonly median_delay: number | null;
}

/** Sums up the scores; `withChance` also moves all replies in time, seven times. */
export function realFigures(scores: readonly ClipScore[], withChance: boolean): RealFigures {
  const replies = scores.flatMap((score) => score.replies);
  const wanted = scores.flatMap((score) => score.wanted);
  const count = (grade: string): number => replies.filter((reply) => reply.grade === grade).length;
  const [good, wrong] = [count('right') + count('unsure'), count('false')];
  const minutes = scores.reduce((sum, { clip }) => sum + clip.seconds, 0) / 60;
  const repeats = scores.reduce((sum, score) => sum + score.repeats, 0);
  const delays = wanted.flatMap(({ delay }) => (delay === null ? [] : [delay])).sort((a, b) => a - b);
  return {
    ...{
      clips: scores.length,
      minutes,
      replies: replies.length,
      false_replies: wrong,
      events: wanted.length,
    },
    false_a_minute: ratio(wrong, minutes),
    recall: ratio(wanted.filter(({ told }) => told).length, wanted.length),
    recall_one_to_one: ratio(wanted.filter(({ toldOneToOne }) => toldOneToOne).length, wanted.length),
    precision: ratio(good, good + wrong),
    precision_one_to_one: ratio(good - repeats, good + wrong),
    chance: withChance ? chanceOf(scores) : null,
    numbers: numbersIn(scores),
    median_delay: delays[Math.floor(delays.length / 2)] ?? null,
  };
}

/** A share; null of nothing. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

const moves = [1, 2, 3, 4, 5, 6, 7];

/**
 * What the same replies are worth by chance: each clip's are moved by so many eighths of it, round its end.
 * Whoever says every three seconds that a person comes in is right most of the time where people always do.
 */
function chanceOf(scores: readonly ClipScore[]): NonNullable<RealFigures['chance']> {
  const moved = scores.flatMap(({ clip, question, replies }) =>
    moves.map((eighths) =>
      scoreClip(
        clip,
        question,
        replies
          .map(({ content, time }) => ({
            content,
            time: (time + (eighths * clip.seconds) / 8) % clip.seconds,
          }))
          .sort((one, other) => one.time - other.time),
      ),
    ),
  );
  const { precision, recall_one_to_one: recall } = realFigures(moved, false);
  return { precision, recall_one_to_one: recall };
}

function numbersIn(scores: readonly ClipScore[]): RealFigures['numbers'] {
  const offs = scores.flatMap(({ clip, replies }) =>
    replies.flatMap(({ time, statements }) =>
      statements.flatMap((statement) => {
        const { kind, count: said } = statement;
        if (kind !== 'count' || said === undefined) return [];
        const states = clip.events.filter(
          (event) =>
            event.kind === 'count' && !event.unsure && isOf(statement, event) && holdsAbout(event, time),
        );
        return states.length === 0
          ? []
          : [Math.min(...states.map(({ count = 1 }) => Math.abs(count - said)))];
      }),
    ),
  );
  const within = (most: number): number | null =>
    offs.length === 0 ? null : mean(offs.map((off) => (off <= most ? 1 : 0)));
  return { said: offs.length, exact: within(0), within_one: within(1) };
}
