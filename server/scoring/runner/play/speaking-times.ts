import { takeTurn, type TakeTurn } from '../../../duet/policy/take-turn.js';
import type { Question } from '../../data/question.js';
import { middleOf } from '../../data/span.js';
import type { Baseline } from './baselines.js';

/**
 * Decides when the model speaks under a baseline while it watches the video of a question at `fps` frames a
 * second.
 */
export function turnsOfBaseline(
  baseline: Exclude<Baseline, { type: 'majority' }>,
  { gold }: Question,
  fps: number,
): TakeTurn {
  switch (baseline.type) {
    case 'every-frame':
      return takeTurnWhen(() => true);
    case 'uniform':
      return takeTurnWhen(uniformly(baseline.interval, fps));
    case 'oracle-times':
      return takeTurnWhen(
        onceAt(
          gold.map(({ span }) => middleOf(span)),
          fps,
        ),
      );
    default:
      return baseline satisfies never;
  }
}

/**
 * Whether to speak after a frame at `videoTime`; `lastReplyTime`, in seconds, is -Infinity before the first
 * reply.
 */
type IsTime = (videoTime: number, lastReplyTime: number) => boolean;

/**
 * Speaks by the clock, ignoring scores, policy and cooldown. Silent frames are recorded as under the policy
 * `never`.
 */
function takeTurnWhen(isTime: IsTime): TakeTurn {
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

/**
 * Once at each of the times: at the nearest frame, or the next one if none is near; times that share a frame
 * share a reply.
 */
function onceAt(times: readonly number[], fps: number): IsTime {
  const due = times.map((time) => firstNear(time, fps));
  return (videoTime, last) => due.some((time) => last < time && time <= videoTime);
}

/** The same for the middle of every interval of a video of any length. */
function uniformly(interval: number, fps: number): IsTime {
  const first = firstNear(interval / 2, fps);
  // Tolerates rounding of up to a millionth of an interval.
  const middlesBy = (videoTime: number): number =>
    Math.max(0, Math.floor((videoTime - first) / interval + 1e-6) + 1);
  return (videoTime, last) => middlesBy(videoTime) > middlesBy(last);
}

/** The earliest time at which a frame can be the one nearest to `time`. */
function firstNear(time: number, fps: number): number {
  return time - 0.5 / fps;
}
