import { repeatedBy, toldReply, toldWithin, type ToldReply } from '../../../duet/policy/repetition.js';
import { firstTurnState, takeTurn, unsaid, type TurnSettings } from '../../../duet/policy/take-turn.js';
import { DuetError } from '../../../errors.js';
import { levelNumber, withLevel } from '../../../settings/policies.js';
import { requirePolicy } from '../../../settings/session-change.js';
import type { SessionSettings } from '../../../settings/session-settings.js';
import type { Answer, Played } from '../../data/played.js';

/**
 * Why thresholds cannot be tried on the replies of one run, or null if they can: scores and replies must not
 * depend on earlier replies, and a lower threshold must speak after every frame at which a higher one does.
 */
export function whySeparateRuns(settings: SessionSettings): string | null {
  const { policy, assistantTurns, repetitionPenalty, talkRate, leastChange, repeatWords } = settings;
  if (assistantTurns === 'keep') return 'replies stay in the context, so the scores depend on them';
  if (repetitionPenalty !== 1) return 'the repetition penalty makes replies depend on earlier ones';
  if (policy.type === 'sum')
    return 'a sum restarts after every reply, so other thresholds speak after other frames';
  if (talkRate > 0) return 'the talk rate moves the threshold';
  if (leastChange > 0) return 'pictures are compared with that of the last reply';
  if (repeatWords > 0) return 'replies are broken off by what was told before';
  return null;
}

/** Settings whose run contains the replies of every threshold: the lowest one, with nothing held back. */
export function sharedRunSettings(settings: SessionSettings, thresholds: readonly number[]): SessionSettings {
  const nothingHeldBack = { cooldown: 0, hysteresis: 0, replyBudget: 0, repeatAfter: 0 };
  return { ...withThreshold(settings, Math.min(...thresholds)), ...nothingHeldBack };
}

/** The settings that decide what is told of a run whose replies hold back nothing. */
export type TellingSettings = TurnSettings & Pick<SessionSettings, 'repeatAfter'>;

/**
 * What a recorded run would have told and suppressed under other turn-taking settings. Exact if the scores do
 * not depend on the replies (they are removed from the context, and no repetition penalty applies) and the
 * recorded run spoke after every frame at which these settings speak; throws if it did not.
 */
export function repliesUnder(
  settings: TellingSettings,
  { question, played }: Answer,
): Pick<Played, 'replies' | 'suppressed'> {
  const recorded = new Map(played.replies.map((reply) => [reply.time, reply]));
  const outcome: Pick<Played, 'replies' | 'suppressed'> = { replies: [], suppressed: [] };
  let waiting = question.conversation;
  let state = firstTurnState;
  let told: readonly ToldReply[] = [];
  for (const [videoTime, informative, relevance] of played.frames) {
    const texts = waiting.filter(({ time }) => time <= videoTime).map(({ content }) => content);
    waiting = waiting.filter(({ time }) => time > videoTime);
    if (texts.length > 0) told = [];
    const before = state;
    const frame = { videoTime, informative, relevance, texts };
    const { decision, next } = takeTurn(settings, before, frame);
    state = next;
    if (decision.answer !== 'speak') continue;
    const reply = recorded.get(videoTime);
    if (reply === undefined)
      throw new Error(`the recorded run of ${played.question_id} is silent at ${videoTime} s`);
    told = toldWithin(told, settings.repeatAfter, videoTime);
    if (repeatedBy(reply.content, told) === null) {
      outcome.replies.push(reply);
      told = [...told, toldReply('', videoTime, reply.content)];
    } else {
      outcome.suppressed.push(reply);
      state = unsaid(next, before);
    }
  }
  return outcome;
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
