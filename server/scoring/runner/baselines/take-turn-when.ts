import { takeTurn, type TakeTurn } from '../../../duet/policy/take-turn.js';

/** Whether a frame at `videoTime` is one to speak after; the last reply, in seconds, was at -Infinity before the first. */
export type IsTime = (videoTime: number, lastReplyTime: number) => boolean;

/** Takes the turn by the clock; scores, policy and cooldown have no say. The silent frames are recorded as under the policy `never`. */
export function takeTurnWhen(isTime: IsTime): TakeTurn {
  return (settings, state, frame) => {
    const silent = takeTurn({ ...settings, policy: { type: 'never' }, cooldown: 0 }, state, frame);
    if (!isTime(frame.videoTime, state.lastReplyTime)) return silent;
    return {
      ...silent,
      decision: { answer: 'speak', reason: 'fired', threshold: null },
      next: { ...silent.next, lastReplyTime: frame.videoTime },
    };
  };
}
