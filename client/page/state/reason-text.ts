import { clockText } from '../../common/clock-text.js';
import type { FrameTrace } from './view.js';

/** Why the model spoke after this frame or kept silent, in one sentence. */
export function reasonText(frame: FrameTrace): string {
  const compared = (frame.running_sum ?? frame.score).toFixed(2);
  const threshold = frame.threshold?.toFixed(2) ?? '';
  switch (frame.reason) {
    case 'fired':
      return `It spoke: ${compared} is above ${threshold}`;
    case 'score_not_above_threshold':
      return `Silent: the score ${compared} is not above ${threshold}`;
    case 'sum_not_above_threshold':
      return `Silent: the sum ${compared} since the last reply is not above ${threshold}`;
    case 'score_not_above_deviation':
      return `Silent: the score ${compared} does not stand out, ${threshold} would`;
    case 'warming_up':
      return 'Silent: it is still getting used to the scores';
    case 'cooldown':
      return 'Silent: it pauses after its last reply';
    case 'not_rearmed':
      return 'Silent: the score has not fallen since its last reply';
    case 'budget_spent':
      return 'Silent: it has said all it may in this minute';
    case 'no_visible_change':
      return 'Silent: the picture has hardly changed since its last reply';
    case 'policy_never':
      return 'Silent: it was told never to speak by itself';
    // A newer server may have reasons that this page does not know.
    default:
      return 'Silent';
  }
}

/** All there is to know of one frame, for the line under the plot. */
export function frameText(frame: FrameTrace): string {
  const informative = frame.informative_score.toFixed(2);
  const relevance = frame.relevance_score.toFixed(2);
  const heads = `informative ${informative}, relevance ${relevance}`;
  return `${clockText(frame.video_time)} · ${heads} · ${reasonText(frame)}`;
}
