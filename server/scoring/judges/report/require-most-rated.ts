import { DuetError } from '../../../errors.js';
import { onOneLine } from '../../data/json/file-fault.js';
import type { Mode } from '../../mode.js';
import type { Judge, JudgeReply } from '../judge.js';
import type { JudgeTally } from '../asking/judge-settings.js';
import type { RatedCase } from '../asking/remembered-replies.js';
import type { ReasonCount } from './judging-report.js';
import { isUsable } from '../rating/read-rating.js';

/**
 * Throws if most cases got no rating: the figures would say more about the judge than the model. Replies
 * without a rating do not count in `compat`, which scores them 1, or for a judge that rejects predictions
 * that way.
 */
export function requireMostRated(
  rated: readonly RatedCase[],
  judge: Pick<Judge, 'id' | 'rejects'>,
  mode: Mode,
  { cutOff }: Pick<JudgeTally, 'cutOff'>,
): void {
  const [reason] = notJudgedReasons(rated);
  const nNotJudged = rated.filter(({ reply }) => typeof reply === 'object').length;
  const unreadable = judge.rejects === true || mode === 'compat' ? [] : rated.filter(isUnreadable);
  const nWithout = nNotJudged + unreadable.length;
  if (nWithout * 2 <= rated.length) return;
  const what = [
    ...(unreadable.length > 0 ? [`${unreadable.length} replies held no rating${exampleOf(unreadable)}`] : []),
    ...(cutOff > 0 ? [`${cutOff} were cut off before their rating by the limit of tokens`] : []),
    ...(reason === undefined
      ? []
      : [`${nNotJudged} cases were not judged (${reason.n} times: ${reason.reason})`]),
  ];
  const remedy =
    cutOff > 0
      ? 'raise --judge-max-tokens or choose another judge'
      : 'choose another judge or look at its replies';
  const message =
    `the judge ${judge.id} rated ${rated.length - nWithout} of ${rated.length} ` +
    `cases, too few for a figure: ${what.join(', ')}; ${remedy}`;
  throw new DuetError('model_failed', onOneLine(message));
}

/** Why cases were not judged, most frequent first. */
export function notJudgedReasons(rated: readonly { readonly reply: JudgeReply | null }[]): ReasonCount[] {
  const counts = new Map<string, number>();
  for (const { reply } of rated) {
    if (typeof reply === 'object' && reply !== null)
      counts.set(reply.reason, (counts.get(reply.reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, n]) => ({ reason, n })).sort((one, other) => other.n - one.n);
}

function isUnreadable({ reply, rubric }: RatedCase): boolean {
  return typeof reply !== 'object' && !isUsable(reply, rubric);
}

function exampleOf(unreadable: readonly RatedCase[]): string {
  const reply = unreadable
    .map((one) => (typeof one.reply === 'object' ? '' : String(one.reply)))
    .find((text) => text.trim() !== '');
  return reply === undefined ? '' : `, such as ${JSON.stringify(reply.slice(0, 80))}`;
}
