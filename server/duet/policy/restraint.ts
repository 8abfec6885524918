import type { LiveSettings } from '../../settings/session-settings.js';
import type { Decision, DecisionReason, Moment } from './policy.js';

/**
 * A decision of the policy under the rules that forbid replies: where one applies, `speak` becomes `suppress`
 * with the reason of the first that does. A rule whose setting is 0 changes nothing.
 */
export function restrain(decision: Decision, moment: Moment, settings: RestraintRules): Decision {
  const reason = decision.answer === 'speak' ? whyNot(moment, settings) : null;
  return reason === null ? decision : { ...decision, answer: 'suppress', reason };
}

/** The settings that forbid replies. */
type RestraintRules = Pick<LiveSettings, 'cooldown' | 'replyBudget' | 'leastChange'>;

/** Replies are budgeted for so many seconds of video. */
export const budgetSeconds = 60;

/**
 * Whether hysteresis lets the assistant speak from this frame on: it did already, the user said something,
 * enough time has passed since the last reply, or the score has fallen to the share of the threshold.
 */
export function isArmed(
  { hysteresis, rearmAfter }: Pick<LiveSettings, 'hysteresis' | 'rearmAfter'>,
  threshold: number | null,
  { armed, score, texts, videoTime, lastReplyTime }: Moment,
): boolean {
  if (armed || hysteresis === 0 || texts.length > 0) return true;
  if (videoTime - lastReplyTime >= rearmAfter) return true;
  return threshold !== null && score <= hysteresis * threshold;
}

function whyNot(moment: Moment, settings: RestraintRules): DecisionReason | null {
  const { videoTime, lastReplyTime, replyTimes, pictureChange, armed } = moment;
  if (!armed) return 'not_rearmed';
  if (videoTime - lastReplyTime < settings.cooldown) return 'cooldown';
  if (settings.replyBudget > 0 && replyTimes.length >= settings.replyBudget) return 'budget_spent';
  if (pictureChange !== null && pictureChange < settings.leastChange) return 'no_visible_change';
  return null;
}
