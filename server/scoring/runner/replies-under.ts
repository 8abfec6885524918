import { firstTurnState, takeTurn, type TurnSettings } from '../../duet/policy/take-turn.js';
import type { Played } from '../data/played.js';

/**
 * The replies a recorded run would have given under other settings of turn taking. Exact where the scores do not depend on the replies (they
 * are removed from the context, and no repetition penalty looks back on them) and the recorded run spoke after every frame after which
 * these settings speak. Throws where it did not.
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
