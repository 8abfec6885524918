import { firstTurnState, takeTurn, type TurnSettings } from '../../../duet/policy/take-turn.js';
import { DuetError } from '../../../errors.js';
import { levelNumber, withLevel } from '../../../settings/policies.js';
import { requirePolicy } from '../../../settings/session-change.js';
import type { SessionSettings } from '../../../settings/session-settings.js';
import type { Played } from '../../data/played.js';

/**
 * Why thresholds cannot be tried on the replies of one run, or null if they can: scores and replies must not
 * depend on earlier replies, and a lower threshold must speak after every frame at which a higher one does.
 */
export function whySeparateRuns({
  policy,
  assistantTurns,
  repetitionPenalty,
}: SessionSettings): string | null {
  if (assistantTurns === 'keep') return 'replies stay in the context, so the scores depend on them';
  if (repetitionPenalty !== 1) return 'the repetition penalty makes replies depend on earlier ones';
  if (policy.type === 'sum')
    return 'a sum restarts after every reply, so other thresholds speak after other frames';
  return null;
}

/** Settings whose run contains the replies of every threshold: the lowest one, without a cooldown. */
export function sharedRunSettings(settings: SessionSettings, thresholds: readonly number[]): SessionSettings {
  return { ...withThreshold(settings, Math.min(...thresholds)), cooldown: 0 };
}

/**
 * The replies a recorded run would have given under other turn-taking settings. Exact if the scores do not
 * depend on the replies (they are removed from the context, and no repetition penalty applies) and the
 * recorded run spoke after every frame at which these settings speak; throws if it did not.
 */
export function repliesUnder(settings: TurnSettings, played: Played): Played['replies'] {
  const recorded = new Map(played.replies.map((reply) => [reply.time, reply]));
  const replies: Played['replies'] = [];
  let state = firstTurnState;
  for (const [videoTime, informative, relevance] of played.frames) {
    const { decision, next } = takeTurn(settings, state, { videoTime, informative, relevance });
    state = next;
    if (decision.answer !== 'speak') continue;
    const reply = recorded.get(videoTime);
    if (reply === undefined)
      throw new Error(`the recorded run of ${played.question_id} is silent at ${videoTime} s`);
    replies.push(reply);
  }
  return replies;
}

/** The threshold of the settings, in standard deviations for `zscore`; null if they never speak. */
export function thresholdOf({ policy }: Pick<SessionSettings, 'policy'>): number | null {
  return levelNumber(policy);
}

/** The settings with another threshold. Throws 'invalid_request' if the policy does not accept it. */
export function withThreshold(settings: SessionSettings, threshold: number): SessionSettings {
  if (levelNumber(settings.policy) === null) throw noThreshold();
  return { ...settings, policy: requirePolicy(withLevel(settings.policy, threshold)) };
}

/** The error for sweeping a policy that has no threshold. */
export function noThreshold(): DuetError {
  const message = 'The policy never has no threshold to sweep; choose another --policy';
  return new DuetError('invalid_request', message);
}
