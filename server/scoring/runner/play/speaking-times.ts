import { takeTurn, type TakeTurn } from '../../../duet/policy/take-turn.js';
import type { Question } from '../../data/question.js';
import { middleOf } from '../../data/span.js';
import type { Baseline } from './baselines.js';

/**
 * When the model speaks under a baseline while it watches the video of a question at `fps` frames a second.
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
 * Whether a frame at `videoTime` is one to speak after; the last reply, in seconds, was at -Infinity before
 * the first.
 */
type IsTime = (videoTime: number, lastReplyTime: number) => boolean;

/**
 * Takes the turn by the clock; scores, policy and cooldown do not matter. The silent frames are recorded as
 * under the policy `never`.
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
 * The frame nearest to each of the times, or the next where there is none so near; times that share a frame
 * share the reply.
 */
function onceAt(times: readonly number[], fps: number): IsTime {
  const due = times.map((time) => firstNear(time, fps));
  return (videoTime, last) => due.some((time) => last < time && time <= videoTime);
}

/** The same for the middles of all intervals of a video, however long it is. */
function uniformly(interval: number, fps: number): IsTime {
  const first = firstNear(interval / 2, fps);
  // A millionth of an interval is rounding.
  const middlesBy = (videoTime: number): number =>
    Math.max(0, Math.floor((videoTime - first) / interval + 1e-6) + 1);
  return (videoTime, last) => middlesBy(videoTime) > middlesBy(last);
}

/** From when on a frame is as near to a time as frames at the rate come. */
function firstNear(time: number, fps: number): number {
  return time - 0.5 / fps;
}
