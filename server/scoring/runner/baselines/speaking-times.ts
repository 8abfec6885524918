import type { TakeTurn } from '../../../duet/policy/take-turn.js';
import { middleOf } from '../../data/span.js';
import type { Question } from '../../data/question.js';
import type { Baseline } from './baseline.js';
import { takeTurnWhen, type IsTime } from './take-turn-when.js';

/** A baseline under which the model itself speaks. */
export type SpokenBaseline = Exclude<Baseline, { type: 'majority' }>;

/** When the model speaks under a baseline while it watches the video of a question at `fps` frames a second. */
export function turnsUnder(baseline: SpokenBaseline, { gold }: Question, fps: number): TakeTurn {
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

/** The frame nearest to each of the times, or the next where there is none so near; times that share a frame share the reply. */
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
