import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Question } from '../../data/question.js';
import { roundTo } from '../../statistics/round.js';

/**
 * What stands in the place of a model's own sense of timing, or of the model altogether.
 *
 * - `every-frame`: it speaks after every frame.
 * - `uniform`: it speaks at uniform times, one in the middle of every `interval` seconds.
 * - `oracle-times`: it speaks once in the middle of every gold span, which tells wording from timing.
 * - `majority`: nobody looks: one and the same answer in the middle of every gold span.
 */
export const baselineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('every-frame') }),
  z.strictObject({ type: z.literal('uniform'), interval: z.number().positive() }),
  z.strictObject({ type: z.literal('oracle-times') }),
  z.strictObject({ type: z.literal('majority'), answer: z.string() }),
]);

/** {@link baselineSchema}. */
export type Baseline = z.output<typeof baselineSchema>;

/** A baseline as it is asked for, before anything is known of the questions. */
export type BaselineRequest =
  | { readonly type: Exclude<Baseline['type'], 'uniform'> }
  /** Seconds between replies; null for as many replies as there are gold answers. */
  | { readonly type: 'uniform'; readonly interval: number | null };

/** Names of the baselines. */
export const baselineNames = ['every-frame', 'uniform', 'majority', 'oracle-times'] as const;

/** The name by which a baseline is asked for. */
export function baselineName(request: BaselineRequest): string {
  return request.type === 'uniform' && request.interval !== null
    ? `uniform:${request.interval}`
    : request.type;
}

/** Whether what is played depends on the gold spans. */
export function playsFromGold(baseline: Baseline | null): boolean {
  return baseline?.type === 'oracle-times' || baseline?.type === 'majority';
}

/** What a reader of the report has to know of a baseline. */
export function describeBaseline(baseline: Baseline): string {
  switch (baseline.type) {
    case 'every-frame':
      return 'the model spoke after every frame, whatever its scores';
    case 'uniform':
      return `the model spoke every ${baseline.interval} s, whatever its scores`;
    case 'oracle-times':
      return 'the model spoke in the middle of every gold span, which it cannot know by itself';
    case 'majority':
      return `no model: ${JSON.stringify(baseline.answer)} was said in the middle of every gold span, at times taken from the gold`;
    default:
      return baseline satisfies never;
  }
}

/**
 * The commonest gold answer, compared exactly; the one met first of equals. Throws 'invalid_request' where
 * there is none.
 */
export function majorityAnswer(questions: readonly Question[]): string {
  const counts = new Map<string, number>();
  for (const { content } of questions.flatMap(({ gold }) => gold)) {
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  for (const [content, count] of counts) if (count === most) return content;
  throw new DuetError(
    'invalid_request',
    '--baseline majority needs gold answers to count, and the annotations hold none',
  );
}

/** How a question is watched: all of its video, or as much as the most frames allow. */
export interface WatchedQuestion {
  readonly question: Question;
  /** Seconds that are watched. */
  readonly seconds: number;
}

/**
 * Seconds between replies at uniform times, so that there are as many in all as gold answers that begin while
 * somebody watches; never less than the time of a frame. Rounded to milliseconds. Throws 'invalid_request'
 * where there is nothing to take a rate of.
 */
export function uniformInterval(watched: readonly WatchedQuestion[], fps: number): number {
  let answers = 0;
  let seconds = 0;
  for (const { question, seconds: own } of watched) {
    seconds += own;
    answers += question.gold.filter(({ span }) => span[0] <= own).length;
  }
  if (answers > 0 && seconds > 0) return Math.max(roundTo(seconds / answers, 3), 1 / fps);
  throw new DuetError(
    'invalid_request',
    `--baseline uniform takes its rate from ${answers} gold answers in ${seconds} s of video; ` +
      'name the seconds between replies instead, as in uniform:5',
  );
}
