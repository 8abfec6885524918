import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Question } from '../../data/question.js';
import { roundTo } from '../../statistics/round.js';

/**
 * What replaces a model's own timing, or the whole model.
 *
 * - `every-frame`: the model speaks after every frame.
 * - `uniform`: the model speaks at uniform times, in the middle of every `interval` seconds.
 * - `oracle-times`: the model speaks once in the middle of every gold span, which separates wording from
 *   timing.
 * - `majority`: no model: the same answer in the middle of every gold span.
 */
export const baselineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('every-frame') }),
  z.strictObject({ type: z.literal('uniform'), interval: z.number().positive() }),
  z.strictObject({ type: z.literal('oracle-times') }),
  z.strictObject({ type: z.literal('majority'), answer: z.string() }),
]);

/** {@link baselineSchema}. */
export type Baseline = z.output<typeof baselineSchema>;

/** A baseline as requested, before its numbers are taken from the questions. */
export type BaselineRequest =
  | { readonly type: Exclude<Baseline['type'], 'uniform'> }
  /** Seconds between replies; null to give as many replies as there are gold answers. */
  | { readonly type: 'uniform'; readonly interval: number | null };

/** Names of the baselines. */
export const baselineNames = ['every-frame', 'uniform', 'majority', 'oracle-times'] as const;

/** The name by which a baseline is requested. */
export function baselineName(request: BaselineRequest): string {
  return request.type === 'uniform' && request.interval !== null
    ? `uniform:${request.interval}`
    : request.type;
}

/** Whether a baseline uses the gold spans. */
export function playsFromGold(baseline: Baseline | null): boolean {
  return baseline?.type === 'oracle-times' || baseline?.type === 'majority';
}

/** A baseline in words, for the notes of the report. */
export function describeBaseline(baseline: Baseline): string {
  switch (baseline.type) {
    case 'every-frame':
      return 'the model spoke after every frame, whatever its scores';
    case 'uniform':
      return `the model spoke every ${baseline.interval} s, whatever its scores`;
    case 'oracle-times':
      return 'the model spoke in the middle of every gold span, which it cannot know by itself';
    case 'majority':
      return (
        `no model: ${JSON.stringify(baseline.answer)} was said in the middle of every gold span, ` +
        'at times taken from the gold'
      );
    default:
      return baseline satisfies never;
  }
}

/**
 * The most common gold answer, compared exactly; the first one on ties. Throws 'invalid_request' if there is
 * none.
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
    '--baseline majority needs gold answers, and the annotations have none',
  );
}

/**
 * A question, and how much of its video is watched: all, or as much as the maximum number of frames allows.
 */
export interface WatchedQuestion {
  readonly question: Question;
  /** Seconds that are watched. */
  readonly seconds: number;
}

/**
 * Seconds between uniform replies, so that there are as many in total as gold answers that begin in the
 * watched part; at least the duration of a frame. Rounded to milliseconds. Throws 'invalid_request' if there
 * are no answers or no video to take a rate from.
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
